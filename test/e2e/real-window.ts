import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const PICTURES = path.resolve('test/.screenshots/app');

/** The built window in a real Chromium, over whatever serves it. */
export class RealWindow implements AsyncDisposable {
  readonly browser: Browser;
  readonly page: Page;
  /** What the browser had to say against the page: errors, warnings, broken policy. */
  readonly complaints: string[] = [];

  private constructor(browser: Browser, page: Page) {
    this.browser = browser;
    this.page = page;
    page.on('console', (line) => ['error', 'warning'].includes(line.type()) && this.complaints.push(line.text()));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  static async open(chromiumPath: string | undefined): Promise<RealWindow> {
    await mkdir(PICTURES, { recursive: true });
    const browser = await chromium.launch({
      ...(chromiumPath !== undefined && { executablePath: chromiumPath }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, reducedMotion: 'reduce' });
    return new RealWindow(browser, page);
  }

  /** As an address that is opened, without its server being asked again. */
  async goTo(route: string): Promise<void> {
    await this.page.evaluate(`location.hash = ${JSON.stringify(route)}`);
  }

  /** By the rail, as a person goes. */
  async visit(page: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: page, exact: true }).click();
    await this.page.getByRole('heading', { level: 1 }).waitFor();
  }

  async choose(field: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name: field, exact: true }).click();
    await this.page.getByRole('option', { name: option, exact: true }).click();
  }

  /** For a person to look at; the folder is not under version control. */
  async picture(name: string): Promise<void> {
    await this.page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
    await this.page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}
