/** Annotations by which an adjudicator settled a pair; one settles it as long as it stands. */
export const adjudications = `
CREATE TABLE adjudications (
  annotation_id INTEGER PRIMARY KEY REFERENCES annotations (id)
) STRICT;
`;
