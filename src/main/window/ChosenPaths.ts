/** What of the machine's disk the page may name: what a person chose in this session, and what the workbench knows itself. */
import { resolve, sep } from 'node:path';
import { FacetError } from '#core/result.ts';

interface ChosenPathsOptions {
  /** Projects that are open or were, and what Facet fetched. */
  readonly known: () => readonly string[];
  /** Asks the person, where no page can draw or click. */
  readonly ask: (path: string) => Promise<boolean>;
}

/** A page that was taken over names no path by itself: one that came by no dialog and no drop is shown to the person first. */
export class ChosenPaths {
  readonly #options: ChosenPathsOptions;
  readonly #chosen = new Set<string>();
  /** One question at a time. */
  #asking: Promise<unknown> = Promise.resolve();

  constructor(options: ChosenPathsOptions) {
    this.#options = options;
  }

  /** From a dialog or a drop: the file, or the folder with what is in it. */
  add(path: string): void {
    this.#chosen.add(resolve(path));
  }

  #has(path: string): boolean {
    const asked = resolve(path);
    if (this.#options.known().some((known) => resolve(known) === asked)) return true;
    return [...this.#chosen].some(
      (chosen) => asked === chosen || asked.startsWith(chosen.endsWith(sep) ? chosen : chosen + sep),
    );
  }

  /** Throws `window.not-chosen` where nobody chose it and the person does not agree. */
  async require(path: string): Promise<void> {
    const before = this.#asking;
    const asked = before
      .catch(() => undefined)
      .then(async () => {
        if (this.#has(path)) return;
        if (!(await this.#options.ask(path)))
          throw new FacetError({
            code: 'window.not-chosen',
            message: `${path} was not chosen, so nothing was read or written there.`,
            fix: 'Choose it in the dialog, or agree when Facet asks.',
            where: { file: path },
          });
        this.add(path);
      });
    this.#asking = asked;
    return asked;
  }
}
