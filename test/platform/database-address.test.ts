// Addresses of the database: whose password stands in them.
import { expect, test } from 'vitest'
import { readConfig } from '../../platform/config.ts'
import { serviceUrl, withoutCredentials } from '../../platform/database/server.ts'

const ADDRESSES = [
  'postgresql://admin:top%20secret@database:5432/lienthong?sslmode=disable',
  'postgresql://admin:top%20secret@%2Ftmp%2Flienthong-1:5432/lienthong?sslmode=disable',
]

test.each(ADDRESSES)('a service is told where the database is and not the administrator’s password: %s', (address) => {
  const told = withoutCredentials(address)
  expect(told).not.toMatch(/admin|secret/)
  expect(readConfig({ DATABASE_URL: told }).databaseUrl).toBe(told)
})

test.each(ADDRESSES)('a service enters under its own role, with and without the administrator in the address: %s', (address) => {
  const expected = address.replace('admin:top%20secret', 'lt_schools:own-secret')
  expect(serviceUrl(address, 'lt_schools', 'own-secret')).toBe(expected)
  expect(serviceUrl(withoutCredentials(address), 'lt_schools', 'own-secret')).toBe(expected)
})
