// Vendors and applications: the province's registry of who may work with school data.
import { readPage, type Connection, type PageArgs } from '../../kernel/connection.ts'
import type { SubgraphContext } from '../../kernel/context.ts'
import { uuidOf } from '../../kernel/database.ts'
import { PlatformError } from '../../kernel/errors.ts'
import { chosen } from '../../kernel/reference.ts'
import type { ApplicationListArgs, ApplicationRef } from '../schema/inputs.ts'
import type { Application, Vendor } from '../schema/types.ts'
import type { Credential, ScopeRequest } from '../schema/registry-types.ts'
import {
  applicationById,
  credentialsOfApplication,
  readRegistry,
  readVendors,
  scopeRequestsOfApplication,
} from '../store/loaders.ts'
import * as sql from '../store/queries.ts'
import { assertUuids } from './identifiers.ts'

export function listVendors(context: SubgraphContext, page: PageArgs): Promise<Connection<Vendor>> {
  return readPage<Vendor>(context, {
    list: ['vendors'],
    page,
    position: (row) => [row.code],
    read: (after, limit) => readVendors(context, sql.VENDOR_PAGE, [after?.[0] ?? null, limit]),
  })
}

export function listApplications(context: SubgraphContext, args: ApplicationListArgs): Promise<Connection<Application>> {
  const kind = args.kind ?? null
  const vendorId = args.vendorId ?? null
  assertUuids({ vendorId })
  return readPage<Application>(context, {
    list: ['applications', kind, vendorId],
    page: args,
    position: (row) => [row.code],
    read: (after, limit) => readRegistry<Application>(context, sql.APPLICATION_PAGE, [kind, vendorId, after?.[0] ?? null, limit]),
  })
}

async function findApplication(context: SubgraphContext, ref: ApplicationRef): Promise<Application | null> {
  if (chosen(ref, ['id', 'code']) === 'id') {
    const id = uuidOf(ref.id!)
    return id === null ? null : context.loaders.of(applicationById).load(id)
  }
  const [application] = await readRegistry<Application>(context, sql.APPLICATION_BY_CODE, [ref.code])
  return application ?? null
}

export async function getApplication(context: SubgraphContext, ref: ApplicationRef): Promise<Application> {
  const application = await findApplication(context, ref)
  if (!application) throw new PlatformError('RECORD_NOT_ACCESSIBLE')
  return application
}

/**
 * What a vendor settles with the Sở, its rivals do not follow: keys are public, yet which of them was just rolled is not their
 * business, nor is what was asked for and refused. A developer is shown no applications but own ones.
 */
export const isOwn = ({ viewer }: SubgraphContext, { vendorId }: Application): boolean =>
  viewer.vendorId === null || viewer.vendorId === vendorId || viewer.role === 'DEVELOPER'

export async function credentialsOf(context: SubgraphContext, application: Application): Promise<Credential[]> {
  return isOwn(context, application) ? context.loaders.of(credentialsOfApplication).load(application.id) : []
}

export async function scopeRequestsOf(context: SubgraphContext, application: Application): Promise<ScopeRequest[]> {
  return isOwn(context, application) ? context.loaders.of(scopeRequestsOfApplication).load(application.id) : []
}
