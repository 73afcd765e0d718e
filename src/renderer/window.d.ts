/** What the preload shows the page; absent in a browser. */
interface Window {
  readonly facet?: {
    readonly host: 'window';
    /** Path of a file the person dropped or chose. */
    readonly pathForFile?: (file: File) => string;
  };
}
