/** A document of Word that was chosen on the page before: the editor takes it when it has opened. */
class ImportLater {
  #file: File | null = null;

  keep(file: File | null): void {
    this.#file = file;
  }

  take(): File | null {
    const file = this.#file;
    this.#file = null;
    return file;
  }
}

export const importLater = new ImportLater();
