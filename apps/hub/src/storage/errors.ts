/** A row that no database would take: too large, of a wrong type, a NUL in a text. Trying it again is pointless. */
export class DataError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DataError';
  }
}

/** The database cannot be used. The message says what to do and holds no password. */
export class StoreError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StoreError';
  }
}
