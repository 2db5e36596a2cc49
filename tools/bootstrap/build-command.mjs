import { reportAndFail } from './plain-error.mjs';
import { prepareCheckout } from './prepare-checkout.mjs';

/** `npm run build`. */
prepareCheckout().catch(reportAndFail);
