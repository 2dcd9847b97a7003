// PostgreSQL and the ways to it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Wire } from '../parts/wire.ts'
import { anyDoor, during, type Fault, type World } from './world.ts'

export const DATABASE_FAULTS: readonly Fault[] = [
  {
    name: 'backends are terminated, again and again',
    async act(world) {
      for (let round = world.random.between(2, 5); round > 0; round -= 1) {
        await world.platform.sql(`select pg_terminate_backend(pid) from pg_stat_activity where usename like 'lt\\_%'`)
        await during(world, world.random.between(5, 25))
      }
    },
  },
  {
    name: 'backends that are writing just now are terminated',
    async act(world) {
      // Looked for until some are caught between their first statement and their commit.
      for (let look = 0, caught = 0; look < 300 && caught < 5; look += 1) {
        const rows = await world.platform.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where usename like 'lt\\_%' and backend_xid is not null and pid <> pg_backend_pid()`,
        )
        caught += rows.length
      }
    },
  },
  {
    name: 'PostgreSQL ends without a checkpoint and comes back',
    act: (world) => world.platform.restartDatabase(() => during(world, world.random.between(0, 30), 4_000)),
  },
  {
    name: 'the listening connections of the gateways are terminated',
    async act(world) {
      await world.platform.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lienthong gateway grants'`,
      )
      await during(world, 30)
    },
  },
  {
    name: 'a gateway no longer hears of changed grants, and does not know',
    async act(world) {
      const door = anyDoor(world)
      const wire = world.platform.wires.get(door)!
      wire.hangListening()
      // An application is suspended where nobody can be told of it.
      await Promise.race([world.rights.suspendedAt(door), during(world, 600, 12_000)])
      wire.breakAll()
      wire.mend()
    },
  },
  onWire('connections to PostgreSQL are cut, and none is taken', (wire) => wire.cut(), [10, 60]),
  onWire('connections to PostgreSQL break once', (wire) => wire.breakAll(), [5, 20]),
  onWire('connections to PostgreSQL hang, and what was sent arrives late', (wire) => wire.hang(), [20, 80]),
  {
    name: 'connections to PostgreSQL hang, and then break',
    async act(world) {
      const wires = someWires(world)
      for (const wire of wires) wire.hang()
      await during(world, world.random.between(20, 80))
      for (const wire of wires) wire.breakAll()
      for (const wire of wires) wire.mend()
    },
  },
  onWire('connections to PostgreSQL are slow', (wire, { random }) => wire.slow(random.between(20, 150)), [30, 80]),
  onWire('connections to PostgreSQL carry byte by byte', (wire) => wire.crumble(), [30, 60]),
  onWire('services are told that PostgreSQL has closed its side', (wire) => wire.halfClose('service'), [10, 30]),
  onWire('PostgreSQL is told that services have closed their side', (wire) => wire.halfClose('server'), [10, 30]),
  {
    name: 'connections to PostgreSQL hang for longer than anybody waits',
    isLong: true,
    async act(world) {
      const wires = someWires(world)
      for (const wire of wires) wire.hang()
      // A subgraph waits 20 s for a query, a gateway 3.
      await sleep(24_000)
      for (const wire of wires) wire.mend()
    },
  },
  {
    name: 'a lock of a stranger is held for longer than anybody waits',
    isLong: true,
    async act({ platform }) {
      // A statement has 15 s.
      await platform.sql(`begin; lock table gradebook.score in share mode; select pg_sleep(20); commit`)
    },
  },
  {
    name: 'a lock of a stranger holds writes up',
    async act(world) {
      // An administrator's session that forgot its transaction: whoever writes marks waits for it.
      const held = world.platform.sql(`begin; lock table gradebook.score in share mode; select pg_sleep(3); commit`)
      await during(world, 60)
      await held
    },
  },
]

/** Of one service, or of all at once. */
function someWires({ platform, random }: World): Wire[] {
  const all = [...platform.wires.values()]
  return random.chance(0.3) ? all : [random.pick(all), random.pick(all)]
}

function onWire(name: string, hurt: (wire: Wire, world: World) => void, [least, most]: readonly [number, number]): Fault {
  return {
    name,
    async act(world) {
      const wires = someWires(world)
      for (const wire of wires) hurt(wire, world)
      await during(world, world.random.between(least, most))
      for (const wire of wires) wire.mend()
    },
  }
}
