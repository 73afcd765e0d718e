/** What the preload shows the page; absent in a browser. */
interface Window {
  /** For the window's main process, which asks before it closes. */
  facetUnsaved?: () => {
    readonly pending: number;
    readonly failure: string | null;
    readonly retry: () => void;
  };
  readonly facet?: {
    readonly host: 'window';
    /** Path of a file the person dropped or chose. */
    readonly pathForFile?: (file: File) => string;
  };
}
