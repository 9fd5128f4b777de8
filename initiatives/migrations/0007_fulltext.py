"""The full text of each database: it follows the table of words by itself, in the transaction that writes it.

SQLite: an FTS5 table without texts of its own, that triggers keep in step. PostgreSQL: a column made of the others, the
place of each word and the class of its field (A: name, B: summary, C: links, D: body), with a GIN index.
"""

from django.db import migrations

SQLITE = [
    """
    CREATE VIRTUAL TABLE initiatives_fulltext USING fts5(
        name, summary, links, body,
        content='initiatives_searchtext', content_rowid='initiative_id', columnsize=0, tokenize="ascii tokenchars '=|'"
    )
    """,
    """
    CREATE TRIGGER initiatives_fulltext_insert AFTER INSERT ON initiatives_searchtext BEGIN
        INSERT INTO initiatives_fulltext (rowid, name, summary, links, body)
        VALUES (new.initiative_id, new.name, new.summary, new.links, new.body);
    END
    """,
    """
    CREATE TRIGGER initiatives_fulltext_delete AFTER DELETE ON initiatives_searchtext BEGIN
        INSERT INTO initiatives_fulltext (initiatives_fulltext, rowid, name, summary, links, body)
        VALUES ('delete', old.initiative_id, old.name, old.summary, old.links, old.body);
    END
    """,
    """
    CREATE TRIGGER initiatives_fulltext_update AFTER UPDATE ON initiatives_searchtext BEGIN
        INSERT INTO initiatives_fulltext (initiatives_fulltext, rowid, name, summary, links, body)
        VALUES ('delete', old.initiative_id, old.name, old.summary, old.links, old.body);
        INSERT INTO initiatives_fulltext (rowid, name, summary, links, body)
        VALUES (new.initiative_id, new.name, new.summary, new.links, new.body);
    END
    """,
    "INSERT INTO initiatives_fulltext (initiatives_fulltext) VALUES ('rebuild')",
]
SQLITE_REVERSE = [
    "DROP TRIGGER initiatives_fulltext_update",
    "DROP TRIGGER initiatives_fulltext_delete",
    "DROP TRIGGER initiatives_fulltext_insert",
    "DROP TABLE initiatives_fulltext",
]
POSTGRESQL = [
    """
    CREATE FUNCTION initiatives_words(words text, class "char") RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT setweight(
            coalesce(string_agg(quote_literal(word) || ':' || place, ' '), '')::tsvector, class
        )
        FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS placed (word, place)
        WHERE word NOT IN ('', '|')
    $$
    """,
    """
    ALTER TABLE initiatives_searchtext ADD COLUMN fulltext tsvector GENERATED ALWAYS AS (
        initiatives_words(name, 'A') || initiatives_words(summary, 'B')
        || initiatives_words(links, 'C') || initiatives_words(body, 'D')
    ) STORED
    """,
    "CREATE INDEX initiatives_fulltext ON initiatives_searchtext USING gin (fulltext)",
]
POSTGRESQL_REVERSE = [
    "DROP INDEX initiatives_fulltext",
    "ALTER TABLE initiatives_searchtext DROP COLUMN fulltext",
    'DROP FUNCTION initiatives_words(text, "char")',
]


def create(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def drop(apps, schema_editor):
    for statement in {"sqlite": SQLITE_REVERSE, "postgresql": POSTGRESQL_REVERSE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0006_words"),
    ]

    operations = [
        migrations.RunPython(create, drop),
    ]
