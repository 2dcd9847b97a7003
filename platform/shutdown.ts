// How the platform ends: everything opened is closed in reverse order, by a signal, an error or a failed start alike.
export type Close = () => Promise<unknown>

export class Shutdown {
  readonly #steps: { name: string; close: Close }[] = []
  #running: Promise<void> | undefined

  /** Registered the moment a thing is open, so that a start that fails later closes it too. */
  add(name: string, close: Close): void {
    this.#steps.push({ name, close })
  }

  run(tell: (line: string) => void): Promise<void> {
    return (this.#running ??= this.#close(tell))
  }

  async #close(tell: (line: string) => void): Promise<void> {
    for (const { name, close } of this.#steps.reverse()) {
      try {
        await close()
      } catch (error) {
        tell(`closing ${name}: ${(error as Error).message}`)
      }
    }
  }
}
