export { AppearanceMenu } from './appearance-menu.js';
export { AssayTheme, styleNonce } from './assay-theme.js';
