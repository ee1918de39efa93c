// Opens a page in a real browser without a network and prints what axe-core finds, and what sticks out, as JSON.
// usage: node look.cjs CHROMIUM PAGE.html [PICTURES]   (needs playwright-core and axe-core, by node_modules or NODE_PATH)
const path = require("path");
const { chromium } = require("playwright-core");
const axe = require("axe-core").source;

const WIDTHS = [1280, 390];
const TALLEST = 14000;

async function look(page, width, pictures) {
  await page.setViewportSize({ width, height: 900 });
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (pictures) {
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    const clip = { x: 0, y: 0, width, height: Math.min(height, TALLEST) };
    await page.screenshot({ path: path.join(pictures, `at-${width}.png`), fullPage: true, clip, timeout: 120000 });
  }
  const violations = found.violations.map((each) => ({
    id: each.id,
    impact: each.impact,
    help: each.help,
    nodes: each.nodes.map((node) => node.html.slice(0, 200)),
  }));
  return { width, overflow, violations };
}

(async () => {
  const [executablePath, file, pictures] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  const requests = [];
  page.on("request", (request) => requests.push(request.url().slice(0, 80)));
  await page.goto("file://" + path.resolve(file));
  const looks = [];
  for (const width of WIDTHS) looks.push(await look(page, width, pictures));
  if (pictures) await page.pdf({ path: path.join(pictures, "printed.pdf"), preferCSSPageSize: true });
  await browser.close();
  const outside = requests.filter((url) => !url.startsWith("file://") && !url.startsWith("data:"));
  console.log(JSON.stringify({ looks, outside }));
})().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
