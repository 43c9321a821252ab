import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import type { Answers } from './fake-connection.ts';
import { fakeWindow } from './fake-window.ts';

const SCREENSHOTS = path.join(import.meta.dirname, '../.screenshots/window');

export type Asked = {
  readonly scheme: 'light' | 'dark';
  readonly scenario: 'full' | 'first-run';
  readonly paceMs?: number;
};
/** `complaints`: what the browser had to say against the page: errors, warnings, broken policy. */
export type OpenWindow = { readonly page: Page; readonly complaints: string[] } & AsyncDisposable;

/** The window on a fake engine, served to a real Chromium under the policy that ships. */
export class WindowStage implements AsyncDisposable {
  readonly #server: PreviewServer;
  readonly #browser: Browser;
  readonly #axe: string;

  private constructor(parts: { server: PreviewServer; browser: Browser; axe: string }) {
    this.#server = parts.server;
    this.#browser = parts.browser;
    this.#axe = parts.axe;
  }

  /** `name` keeps the builds of two test files apart. */
  static async start(name: string, chromiumPath: string | undefined): Promise<WindowStage> {
    await mkdir(SCREENSHOTS, { recursive: true });
    const config = fakeWindow(name);
    await build(config);
    const server = await preview(config);
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const browser = await chromium.launch({
      ...(chromiumPath !== undefined && { executablePath: chromiumPath }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    return new WindowStage({ server, browser, axe });
  }

  async open({ scheme, scenario, paceMs = 40 }: Asked): Promise<OpenWindow> {
    const viewport = { width: 1280, height: 860 };
    const context = await this.#browser.newContext({ colorScheme: scheme, viewport, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (line) => ['error', 'warning'].includes(line.type()) && complaints.push(line.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    const [address = ''] = this.#server.resolvedUrls?.local ?? [];
    await page.goto(`${address}?scenario=${scenario}&pace=${paceMs}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
  }

  /** What axe finds wrong with the page as it is. */
  async violations(page: Page): Promise<string[]> {
    await page.evaluate(this.#axe);
    const results = await page.evaluate<AxeResults>('axe.run()');
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }
}

export async function goTo(page: Page, route: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(route)}`);
}

/** The page as it is opened at this address, before anything was read. */
export async function startAnew(page: Page, route: string, answers: Answers): Promise<void> {
  await goTo(page, route);
  await page.evaluate(`startAnew('${answers}')`);
}

/** For a person to look at; the folder is not under version control. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
}
