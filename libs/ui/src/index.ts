export { AppearanceMenu } from './appearance-menu.js';
export { AssayTheme, styleNonce } from './assay-theme.js';
export { Facts } from './facts.js';
export { Loading } from './loading.js';
export { Notice } from './notice.js';
export { Panel } from './panel.js';
export { Prose } from './prose.js';
