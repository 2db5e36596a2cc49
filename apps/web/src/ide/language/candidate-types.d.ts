/** Where the build has put the declarations that candidates' editors know (candidate-types-plugin.mjs). */
declare module 'virtual:candidate-types' {
  const url: string;
  export default url;
}
