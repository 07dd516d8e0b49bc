/** The condition of what is kept under an id, as its own id (`<id>:…`), for an index: `;` follows `:` in the order of characters. `id`: a parameter or a column. */
export const below = (column: string, id: string): string => `${column} > ${id} || ':' AND ${column} < ${id} || ';'`;
