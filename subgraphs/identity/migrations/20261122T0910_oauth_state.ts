// What the authorization server remembers between requests: used assertions, later also sessions, codes and grants.
import { Migration } from '@mikro-orm/migrations'

export class OauthState20261122T0910 extends Migration {
  override up(): void {
    // The primary key is what refuses a second use of a client assertion: two requests cannot both insert one row.
    this.addSql(`
create table identity.oidc_payload (
  model text not null,
  id text not null,
  payload jsonb not null,
  grant_id text,
  user_code text,
  uid text,
  consumed_at timestamptz,
  expires_at timestamptz,
  primary key (model, id)
)`)
    this.addSql(`create index oidc_payload_by_expiry on identity.oidc_payload (expires_at)`)
    this.addSql(`create index oidc_payload_by_grant on identity.oidc_payload (grant_id) where grant_id is not null`)
    this.addSql(`create index oidc_payload_by_user_code on identity.oidc_payload (model, user_code) where user_code is not null`)
    this.addSql(`create index oidc_payload_by_uid on identity.oidc_payload (model, uid) where uid is not null`)
  }
}
