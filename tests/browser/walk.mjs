// Walks one scene in a fresh browser: node walk.mjs BROWSER ADDRESS SCENE
//
// Whatever the scene, no page may call anybody but Kith, keep anything in the browser, or stumble over its own policy.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import * as people from './people.mjs';
import * as others from './scenes.mjs';
import { PATIENCE_MS } from './steps.mjs';

const [browserName, address, sceneName] = process.argv.slice(2);
// A folder for pictures of what was looked at, for people to look at too.
const pictures = process.env.KITH_PICTURES;
const SCENE_MS = 300_000;
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

class Walker {
  constructor(browser) {
    this.browser = browser;
    this.faults = [];
    this.contexts = [];
  }

  /** A page of a fresh visitor. */
  /** `signsIn`: the identity provider is another address, and may be gone to. */
  async visitor({ signsIn = false, ...options } = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const isProvider = (url) => signsIn && /^\/(auth|interaction)(\/|$)/.test(new URL(url).pathname);
    context.setDefaultTimeout(PATIENCE_MS);
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${address}/`) && !url.startsWith('data:') && !isProvider(url)) this.faults.push(`calls ${url}`);
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      // A page that refuses a form answers 4xx, which the browser notes as an error; that is no fault.
      const isStatus = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isStatus) this.faults.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.faults.push(`script: ${error.message}`));
    page.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    this.contexts.push([context, page, signsIn]);
    return page;
  }

  url(path) {
    return `${address}${path}`;
  }

  /** Whether axe finds the page accessible, at two widths; a picture of each, if wanted. */
  async looksAt(page, name) {
    const kept = page.viewportSize();
    for (const [device, size] of [['desktop', kept], ['phone', { width: 360, height: 740 }]]) {
      await page.setViewportSize(size);
      if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
      const found = await page.evaluate(
        (tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] }),
        AXE_TAGS,
      );
      const told = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`);
      assert.deepEqual(told, [], `${name} on a ${device}`);
      assert.ok(found.passes.length > 10, 'axe looked at the page');
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= size.width, `${name} scrolls sideways on a ${device}: ${width} of ${size.width}`);
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${name}-${device}.png`), fullPage: true });
      }
    }
    await page.setViewportSize(kept);
  }

  /** What holds for every visit. */
  async ends() {
    for (const [context, page, signsIn] of this.contexts) {
      const cookies = await context.cookies();
      if (!signsIn) assert.deepEqual(cookies, [], 'a cookie was set');
      // The provider's own cookies are its own business.
      for (const cookie of cookies.filter(({ name }) => name.includes('kith'))) {
        assert.ok(cookie.httpOnly && cookie.sameSite === 'Lax', `${cookie.name} can be had by scripts or from elsewhere`);
      }
      if (page.url().startsWith('http')) {
        const kept = await page.evaluate(() => localStorage.length + sessionStorage.length);
        assert.equal(kept, 0, 'something was stored');
      }
    }
    assert.deepEqual(this.faults, []);
  }
}

const scene = { ...others, ...people }[sceneName];
assert.ok(scene, `there is no scene ${sceneName}`);
const executablePath = execFileSync('sh', ['-c', 'command -v "$1"', 'sh', browserName], { encoding: 'utf8' }).trim();
const browser = await chromium.launch({ executablePath, headless: true, args: QUIET });
const late = setTimeout(() => {
  console.error(`${sceneName} takes too long`);
  browser.close().finally(() => process.exit(1));
}, SCENE_MS);
try {
  const walker = new Walker(browser);
  await scene(walker);
  await walker.ends();
} finally {
  clearTimeout(late);
  await browser.close();
}
