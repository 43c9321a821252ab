import type { ServerFrame } from '../contract/frames.ts';
import type { Log } from '../kit/log.ts';
import type { ContentsSurface, IpcEvent, IpcSurface } from './electron-surface.ts';
import { isOwnFrame } from './security.ts';

/** A new client of the engine: `send` gets what it answers and announces. */
export type Connect = (send: (frame: ServerFrame) => void) => {
  receive(frame: unknown): void;
  close(): void;
};

export type PageLinkDeps = {
  readonly ipcMain: IpcSurface;
  readonly contents: ContentsSurface;
  readonly connect: Connect;
  readonly log: Log;
};

/** Carries frames between the window's page and the engine. Each load of the page is a client of its own. */
export class PageLink {
  readonly #deps: PageLinkDeps;
  #session: ReturnType<Connect> | undefined;
  /** What the page is to show once it can be told. */
  #route: string | undefined;

  constructor(deps: PageLinkDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { ipcMain, contents } = this.#deps;
    ipcMain.on('stormlet:frame', (event, frame) => this.#receive(event, frame));
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      // Answers to the page that goes must not reach the one that comes, whose call ids begin anew.
      if (isMainFrame && !isSameDocument) this.#hangUp();
    });
    contents.on('render-process-gone', () => this.#hangUp());
  }

  /** Asks the page to show a route. It listens by the time of its first frame, so until then the route waits. */
  open(route: string): void {
    this.#route = route;
    if (this.#session) this.#deliverRoute();
  }

  #receive(event: IpcEvent, frame: unknown): void {
    const { contents, connect, log } = this.#deps;
    if (event.sender !== contents || !isOwnFrame(event.senderFrame)) {
      log.warn('a frame from elsewhere than the window was refused', { url: event.senderFrame?.url });
      return;
    }
    const isFirst = this.#session === undefined;
    this.#session ??= connect((answer) => this.#send('stormlet:frame', answer));
    this.#session.receive(frame);
    if (isFirst) this.#deliverRoute();
  }

  #deliverRoute(): void {
    if (this.#route !== undefined) this.#send('stormlet:open', this.#route);
    this.#route = undefined;
  }

  #send(channel: string, value: unknown): void {
    if (!this.#deps.contents.isDestroyed()) this.#deps.contents.send(channel, value);
  }

  #hangUp(): void {
    this.#session?.close();
    this.#session = undefined;
  }
}
