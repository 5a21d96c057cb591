//! The two sets of migrations make the same tables.

use regulars_persistence::StoreError;
use regulars_persistence::schema::schema_columns;
use regulars_tests::{Engine, Site};

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let columns = |engine| {
        let site = Site::start_bare(engine);
        site.app.db().read(schema_columns).map_err(|error: StoreError| error.to_string()).expect("columns")
    };
    let (sqlite, postgres) = (columns(Engine::Sqlite), columns(Engine::Postgres));
    assert!(sqlite.len() > 200, "{}", sqlite.len());
    for (ours, theirs) in sqlite.iter().zip(&postgres) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(sqlite.len(), postgres.len());
}
