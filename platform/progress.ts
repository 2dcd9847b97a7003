// A progress bar for long work: drawn in place on a terminal, a line each quarter elsewhere.
export interface Progress {
  start(total: number): void
  add(count: number): void
  end(): void
}

const WIDTH = 28

export function progressBar(label: string, out: NodeJS.WriteStream = process.stdout): Progress {
  let total = 1
  let done = 0
  let quarter = 0
  const draw = (): void => {
    const share = Math.min(1, done / total)
    const percent = `${Math.floor(share * 100)}`.padStart(3)
    if (out.isTTY) {
      const filled = Math.round(share * WIDTH)
      out.write(`\r${label} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${percent} %`)
    } else if (Math.floor(share * 4) > quarter) {
      quarter = Math.floor(share * 4)
      out.write(`${label} ${percent} %\n`)
    }
  }
  return {
    start: (count) => {
      total = Math.max(1, count)
      if (out.isTTY) draw()
    },
    add: (count) => {
      done += count
      draw()
    },
    end: () => {
      if (out.isTTY) out.write('\n')
    },
  }
}

export const silentProgress: Progress = { start: () => undefined, add: () => undefined, end: () => undefined }
