-- a home as schema 2 left it; never changed after its release
BEGIN TRANSACTION;
CREATE TABLE evidence (
        profile TEXT NOT NULL, check_name TEXT NOT NULL, result TEXT NOT NULL, seen TEXT NOT NULL,
        at INTEGER NOT NULL, PRIMARY KEY (profile, check_name));
INSERT INTO "evidence" VALUES('work','app','proven','Acme',1795000000);
CREATE TABLE history (
        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
        token TEXT NOT NULL, profile TEXT NOT NULL, result TEXT NOT NULL, code INTEGER, subcode INTEGER,
        fbtrace_id TEXT NOT NULL, old_fingerprint TEXT NOT NULL, new_fingerprint TEXT NOT NULL, text TEXT NOT NULL,
        link TEXT NOT NULL DEFAULT '');
INSERT INTO "history" VALUES(1,1795000000,'tui','extend','main','work','extended',NULL,NULL,'','','','','');
CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
INSERT INTO "meta" VALUES('secret_backend','["database", "Released with schema 1."]');
CREATE TABLE progress (
        profile TEXT NOT NULL, step TEXT NOT NULL, ticked_at INTEGER, note TEXT NOT NULL,
        PRIMARY KEY (profile, step));
INSERT INTO "progress" VALUES('work','P1',1795000000,'');
CREATE TABLE secret_places (ref TEXT PRIMARY KEY NOT NULL, backend TEXT NOT NULL);
INSERT INTO "secret_places" VALUES('token/3708423d15377535','database');
INSERT INTO "secret_places" VALUES('token/962f592569993c19','database');
INSERT INTO "secret_places" VALUES('app_secret/work','database');
CREATE TABLE secret_values (
        ref TEXT NOT NULL, backend TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (ref, backend));
INSERT INTO "secret_values" VALUES('token/3708423d15377535','database',X'45414176616C75652D6F662D736368656D612D31');
INSERT INTO "secret_values" VALUES('token/962f592569993c19','database',X'4541417365636F6E642D6F662D736368656D612D31');
INSERT INTO "secret_values" VALUES('app_secret/work','database',X'3031323334353637383961626364656630313233343536373839616263646566');
CREATE TABLE tokens (
        name TEXT PRIMARY KEY NOT NULL, profile TEXT NOT NULL, app_id TEXT NOT NULL, kind TEXT NOT NULL,
        subject_id TEXT NOT NULL, subject_name TEXT NOT NULL, obtained_at INTEGER NOT NULL, issued_at INTEGER,
        expires_at INTEGER, data_access_expires_at INTEGER, scopes TEXT NOT NULL, granular_scopes TEXT NOT NULL,
        inspected_at INTEGER, verdict TEXT NOT NULL, reason TEXT NOT NULL, origin TEXT NOT NULL,
        fingerprint TEXT NOT NULL, extended_at INTEGER, tried_at INTEGER, pages TEXT NOT NULL, failure TEXT);
INSERT INTO "tokens" VALUES('main','work','1234567890','user','','',0,NULL,1800184000,1802776000,'["instagram_basic","pages_show_list"]','',1795086400,'valid','','','',1795086400,NULL,'',NULL);
CREATE TABLE versions (
        id TEXT PRIMARY KEY NOT NULL, token TEXT NOT NULL, profile TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('candidate', 'current', 'previous')),
        at INTEGER NOT NULL, origin TEXT NOT NULL, fingerprint TEXT NOT NULL, serial INTEGER NOT NULL);
INSERT INTO "versions" VALUES('3708423d15377535','main','work','previous',1795000000,'login','b5f0969a2a7c',2);
INSERT INTO "versions" VALUES('962f592569993c19','main','work','current',1795086400,'extension','5ca62fa82ebc',4);
CREATE INDEX versions_of_token ON versions (token, serial);
CREATE UNIQUE INDEX one_current_version ON versions (token) WHERE status = 'current';
CREATE INDEX history_of_token ON history (token, id);
COMMIT;
PRAGMA application_id = 1768374645;
PRAGMA user_version = 2;
