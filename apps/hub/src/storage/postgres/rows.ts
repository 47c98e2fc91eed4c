type PostgresType = 'text' | 'bigint' | 'integer' | 'bytea';

/** A column of a batch: its type, and where a row has it. */
export type Columns<Row> = Record<string, [PostgresType, (row: Row) => unknown]>;

/** A batch as one array for each column, so that one prepared statement serves batches of every size. */
export interface RowSet<Row> {
  /** `unnest(…) with ordinality as name(columns, ord)`: a table for the FROM of a statement. */
  sql: string;
  /** The statement's parameters for this batch, in order. */
  values(rows: readonly Row[]): unknown[];
}

/** `first` is the number of the first parameter, for statements that take several batches. */
export function rowSet<Row>(name: string, columns: Columns<Row>, first = 1): RowSet<Row> {
  const entries = Object.entries(columns);
  const arrays = entries.map(([, [type]], index) => `$${first + index}::${type}[]`);
  const names = [...entries.map(([column]) => column), 'ord'];
  return {
    sql: `unnest(${arrays.join(', ')}) with ordinality as ${name}(${names.join(', ')})`,
    values: (rows) => entries.map(([, [, read]]) => rows.map(read)),
  };
}

export const columnCount = (columns: Columns<never>) => Object.keys(columns).length;
