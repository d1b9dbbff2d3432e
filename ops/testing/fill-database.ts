import pg from 'pg';

/** Makes tables with every type and value that is easily lost in text, in a schema with an odd name. */
export async function fillWithNastyValues(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(NASTY);
    await client.query('INSERT INTO "Odd ""name".text_value (id, body, padded, limited) VALUES (1, $1, $2, $3)', [
      'quote " backslash \\ newline \n return \r tab \t null-like \\N and \\u0000, zero\u200bwidth, \u2028, 🎈, é, \u0001',
      'x',
      'ünïcödé',
    ]);
  } finally {
    await client.end();
  }
}

const NASTY = `
  CREATE SCHEMA "Odd ""name";
  CREATE TYPE "Odd ""name".mood AS ENUM ('fine', 'it''s "so-so"', '');
  CREATE SEQUENCE "Odd ""name".counter INCREMENT BY 7 START WITH 14 CYCLE MAXVALUE 1000;
  SELECT nextval('"Odd ""name".counter'), nextval('"Odd ""name".counter');
  CREATE FUNCTION "Odd ""name".next_count() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('"Odd ""name".counter') $$;
  CREATE TABLE "Odd ""name".text_value (
    id int PRIMARY KEY, body text, padded char(5), limited varchar(10), empty text DEFAULT ''
  );
  INSERT INTO "Odd ""name".text_value VALUES
    (2, NULL, NULL, NULL, NULL), (3, '', '', '', ''), (4, 'null', 'null', 'true', '{"a": 1}'), (5, '   ', ' ', ' ', '[');
  CREATE TABLE "Odd ""name".number_value (
    id int GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 5) PRIMARY KEY,
    small smallint, large bigint, exact numeric, money numeric(20, 6), half real, full_ double precision, is_so boolean,
    doubled bigint GENERATED ALWAYS AS (small * 2) STORED,
    counted bigint DEFAULT "Odd ""name".next_count()
  );
  INSERT INTO "Odd ""name".number_value (small, large, exact, money, half, full_, is_so) VALUES
    (-32768, 9223372036854775807, 123456789012345678901234567890.123456789012345678901234567890, 0.100000, 0.1, 0.1, true),
    (32767, -9223372036854775808, 'NaN', -99999999999999.999999, 'NaN', 'NaN', false),
    (0, 9007199254740993, 'Infinity', 0, 'Infinity', '-Infinity', NULL),
    (NULL, NULL, '-Infinity', NULL, '-0', 1.7976931348623157e308, NULL),
    (1, 1, 1.10, 1, 3.4028235e38, 5e-324, true);
  CREATE TABLE "Odd ""name".time_value (
    at timestamptz, local_ timestamp, day date, clock time, zoned timetz, span interval, short timestamptz(3)
  );
  INSERT INTO "Odd ""name".time_value VALUES
    ('infinity', '-infinity', 'infinity', '24:00', '12:00:00.123456+05:30', '1 year -2 days 03:04:05.678901', '2026-11-22 22:00:00.123Z'),
    ('-infinity', 'infinity', '-infinity', '00:00', '00:00-12', '-178000000 years', NULL),
    ('4713-01-01 00:00:00 BC', '294276-12-31 23:59:59.999999', '5874897-12-31', NULL, NULL, '0', NULL),
    ('2026-03-29 01:30:00.000001 Europe/Berlin', '2026-03-29 02:30', '0044-03-15 BC', '23:59:59.999999', NULL, 'P1Y2M3DT4H5M6S', NULL),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL);
  CREATE TABLE "Odd ""name".other_value (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), bytes bytea, tree jsonb, source json, mood "Odd ""name".mood,
    words text[], numbers bigint[], exacts numeric[], ids uuid[], grid int[], moods "Odd ""name".mood[], times timestamptz[],
    trees jsonb[], address inet, net cidr, mac macaddr, bits bit varying, place point, span int4range, lexemes tsvector, doc xml
  );
  INSERT INTO "Odd ""name".other_value VALUES
    ('00000000-0000-0000-0000-000000000001', '\\x00ff0a22', '{"a": [1, 2.50, 1e400, null, "\\\\n \\u2028"], "ü": {"b": 12345678901234567890.123}}',
      E'{ "kept" :\\n  "as it is", "kept": 2 }', 'it''s "so-so"', ARRAY['a', NULL, 'NULL', '', '"', E'\\n', '{}', ','],
      ARRAY[9223372036854775807, NULL], ARRAY[1.10, 'NaN'], ARRAY['00000000-0000-0000-0000-000000000002'::uuid],
      '[0:1][3:4]={{1,2},{3,NULL}}', ARRAY['', 'fine']::"Odd ""name".mood[], ARRAY['infinity', NULL]::timestamptz[],
      ARRAY['null', '{"a": 1}']::jsonb[], '10.0.0.1', '10.0.0.0/8', '08:00:2b:01:02:03', B'10110', '(1.5,-2)', '[1,5)', 'a:1 b:2', '<a>1</a>'),
    ('00000000-0000-0000-0000-000000000002', '', 'null', 'null', '', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',
      '::1/64', '::/0', NULL, B'', NULL, 'empty', '', NULL),
    ('00000000-0000-0000-0000-000000000003', NULL, '"text"', '"text"', NULL, NULL, '[5:6]={1,2}', NULL, NULL, '{{1},{2}}', NULL, NULL,
      NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('00000000-0000-0000-0000-000000000004', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
  CREATE TABLE "Odd ""name"."order" (
    "select" int NOT NULL, "a""b" text COLLATE "C" CHECK ("a""b" <> ''), parent uuid REFERENCES "Odd ""name".other_value ON DELETE SET NULL,
    serial_ serial, changed_at timestamptz,
    CONSTRAINT "odd key" UNIQUE ("select", "a""b"), CONSTRAINT once EXCLUDE USING btree (serial_ WITH =)
  ) WITH (fillfactor = 70);
  INSERT INTO "Odd ""name"."order" ("select", "a""b", parent) VALUES
    (2, 'b', '00000000-0000-0000-0000-000000000001'), (1, 'é', NULL), (1, 'e', NULL);
  CREATE UNIQUE INDEX odd_partial ON "Odd ""name"."order" (lower("a""b") DESC NULLS LAST, ("select" % 2)) INCLUDE (parent) WHERE "select" > 0;
  CREATE FUNCTION "Odd ""name".touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed_at = now(); RETURN NEW; END $$;
  CREATE FUNCTION "Odd ""name".label(o "Odd ""name"."order") RETURNS text LANGUAGE sql AS $$ SELECT o."a""b" $$;
  CREATE TRIGGER touched BEFORE UPDATE ON "Odd ""name"."order" FOR EACH ROW EXECUTE FUNCTION "Odd ""name".touch();
  CREATE TRIGGER never BEFORE UPDATE ON "Odd ""name"."order" FOR EACH ROW EXECUTE FUNCTION "Odd ""name".touch();
  ALTER TABLE "Odd ""name"."order" DISABLE TRIGGER never;
  CREATE VIEW "Odd ""name".shown AS SELECT "select", count(*) AS many FROM "Odd ""name"."order" GROUP BY 1;
  CREATE MATERIALIZED VIEW "Odd ""name".counted AS SELECT * FROM "Odd ""name".shown;
  CREATE UNIQUE INDEX counted_key ON "Odd ""name".counted ("select");
  CREATE TABLE "Odd ""name".measure (
    id uuid NOT NULL REFERENCES "Odd ""name".other_value ON DELETE CASCADE, day date NOT NULL, amount numeric DEFAULT 0 CHECK (amount >= 0),
    PRIMARY KEY (id, day)
  ) PARTITION BY RANGE (day);
  CREATE TABLE "Odd ""name"."measure 2026-11" PARTITION OF "Odd ""name".measure FOR VALUES FROM ('2026-11-01') TO ('2026-12-01');
  CREATE TABLE "Odd ""name"."measure before" PARTITION OF "Odd ""name".measure FOR VALUES FROM (MINVALUE) TO ('2026-11-01') WITH (fillfactor = 90);
  CREATE TABLE "Odd ""name".measure_rest PARTITION OF "Odd ""name".measure DEFAULT;
  CREATE INDEX measure_day ON "Odd ""name".measure (day, amount) WHERE amount > 0;
  INSERT INTO "Odd ""name".measure (id, day, amount) SELECT '00000000-0000-0000-0000-000000000001', day, 1.5
    FROM unnest('{2026-11-30, 2026-10-31, 2027-01-01}'::date[]) AS day;
  CREATE TABLE "Odd ""name".nothing (a int);
  CREATE UNLOGGED TABLE public.beside (twice text);
  INSERT INTO public.beside VALUES ('same'), ('same'), (NULL);
`;
