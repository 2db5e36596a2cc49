import { gatherTypes } from './candidate-types.mjs';

const MODULE = 'virtual:candidate-types';

/** `import typesUrl from 'virtual:candidate-types'`: the address of the declarations, as one file of JSON. */
export function candidateTypes() {
  return {
    name: 'candidate-types',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    async load(id) {
      if (id !== `\0${MODULE}`) return undefined;
      const source = JSON.stringify(await gatherTypes());
      const asset = this.emitFile({ type: 'asset', name: 'candidate-types.json', source });
      return `export default import.meta.ROLLUP_FILE_URL_${asset};`;
    },
  };
}
