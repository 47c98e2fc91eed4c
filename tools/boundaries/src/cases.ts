export interface Case {
  name: string;
  /** The file that the snippet pretends to stand in. */
  file: string;
  code: string;
}

export interface Refused extends Case {
  /** What the message must say: what to do instead. */
  says: RegExp;
}

/** The cases of one area, as they are told. */
export class Cases {
  readonly refused: Refused[] = [];
  readonly accepted: Case[] = [];

  refuses(name: string, file: string, imported: string, says: RegExp): void {
    this.refusesCode(name, file, exportFrom(imported), says);
  }

  refusesCode(name: string, file: string, code: string, says: RegExp): void {
    this.refused.push({ name, file, code, says });
  }

  accepts(name: string, file: string, imported: string): void {
    this.acceptsCode(name, file, exportFrom(imported));
  }

  acceptsCode(name: string, file: string, code: string): void {
    this.accepted.push({ name, file, code });
  }
}

const exportFrom = (source: string) => `export { thing } from '${source}';\n`;
