// Processes that are killed, stopped and told to end.
import { setTimeout as sleep } from 'node:timers/promises'
import { DOORS, type Door } from '../parts/platform.ts'
import { anyDoor, anySubgraph, during, type Fault, type World } from './world.ts'

export const PROCESS_FAULTS: readonly Fault[] = [
  {
    name: 'a subgraph is killed and started again',
    async act(world) {
      const service = world.platform.services.get(anySubgraph(world))!
      await service.end('SIGKILL')
      await during(world, world.random.between(5, 40))
      await service.start()
    },
  },
  {
    name: 'a subgraph is told to end under load, and started again',
    async act(world) {
      const service = world.platform.services.get(anySubgraph(world))!
      await expectOrderlyEnd(world, service.name, service.end('SIGTERM'))
      await service.start()
    },
  },
  {
    name: 'a subgraph is stopped for some seconds',
    async act(world) {
      const service = world.platform.services.get(anySubgraph(world))!
      service.pause()
      await during(world, world.random.between(40, 120))
      service.resume()
    },
  },
  {
    name: 'a subgraph is stopped for longer than anybody waits',
    isLong: true,
    async act(world) {
      const service = world.platform.services.get(anySubgraph(world))!
      service.pause()
      // The gateway waits 10 s for an answer to begin.
      await sleep(14_000)
      service.resume()
    },
  },
  {
    name: 'a gateway is killed and started again',
    async act(world) {
      const door = anyDoor(world)
      const service = world.platform.services.get(door)!
      await whileDown(world, door, async () => {
        await service.end('SIGKILL')
        await during(world, world.random.between(10, 60))
        await service.start()
      })
    },
  },
  {
    name: 'a gateway is stopped for some seconds',
    async act(world) {
      const service = world.platform.services.get(anyDoor(world))!
      service.pause()
      await during(world, world.random.between(10, 40), 4_000)
      service.resume()
    },
  },
  {
    name: 'a gateway is told to end under load: what it had begun it answers',
    async act(world) {
      const { platform, ledger, prober } = world
      const [door] = DOORS
      const proxy = platform.proxies.get('schools')!
      // Held where the subgraph has answered: these are under way, whatever the machine is doing.
      const held = new Set<string>()
      const release = Promise.withResolvers<void>()
      proxy.begin(async ({ requestId, status, headers, body }, response) => {
        held.add(requestId)
        await release.promise
        response.writeHead(status, { 'content-type': String(headers['content-type']) }).end(body)
      })
      const ids: string[] = []
      const query = '{ schools(first: 5) { nodes { schoolId: id name } } }'
      const own = Array.from({ length: 4 }, () => prober.ask({ act: 'drained', query, door, sentAs: ids }))
      while (ids.length < own.length || !ids.every((id) => held.has(id))) await sleep(5)
      // The others that have surely reached it by now: nothing takes a quarter of a second to arrive here.
      const others = ledger.underWayAt(door, 250).filter(({ act, left }) => act !== 'drained' && !left)
      const service = platform.services.get(door)!
      await whileDown(world, door, async () => {
        const ended = service.end('SIGTERM')
        await during(world, 10, 2_000)
        release.resolve()
        proxy.end()
        for (const answer of await Promise.all(own))
          if (answer?.attempt.status !== 200 || answer.codes.length > 0)
            ledger.violated(`a gateway that was told to end dropped what it had begun: ${answer?.codes.join() ?? 'no answer'}`)
        await expectOrderlyEnd(world, service.name, ended)
        for (const { id, status } of others)
          if (status === 0) ledger.violated(`a gateway that was told to end dropped ${id}, which it had begun`)
        ledger.count('requests under way at a gateway that was told to end', own.length + others.length)
        await service.start()
      })
    },
  },
]

async function whileDown({ ledger }: World, door: Door, act: () => Promise<void>): Promise<void> {
  const window = { door, from: performance.now(), to: Infinity }
  ledger.down.push(window)
  try {
    await act()
  } finally {
    window.to = performance.now()
  }
}

async function expectOrderlyEnd(
  { ledger }: World,
  name: string,
  ending: Promise<{ readonly code: number | null; readonly signal: string | null }>,
): Promise<void> {
  const began = performance.now()
  const { code, signal } = await ending
  const seconds = (performance.now() - began) / 1_000
  // 15 s for what runs, and 2 s for what closes.
  if (code !== 0 || seconds > 25)
    ledger.violated(`${name} was told to end and ended after ${seconds.toFixed(1)} s with ${signal ?? code}`)
}
