// What people do on Kith's pages, one function a scene; `walk.mjs` says what holds in all of them.

import assert from 'node:assert/strict';
import { opens, goes, presses, checks, focused, box, heading, says, holdsFocus, tabsTo, typesOption } from './steps.mjs';

const PROFILES = 'https://kith.example/fhir/StructureDefinition/';
const CHILD = { resourceType: 'Patient', gender: 'femail', birthDate: '2026-10-31' };
const lines = (value) => JSON.stringify(value, null, 2);

export async function pages_lead_to_each_other(walker) {
  const page = await opens(walker, '/');
  await walker.looksAt(page, 'home');
  for (const address of ['/workbench', '/fhir/metadata', '/openapi.json', '/developers', '/package.tgz']) {
    const link = page.locator(`main a[href="${address}"]`);
    assert.equal(await link.count(), 1, address);
    const answer = await page.request.get(walker.url(address));
    assert.equal(answer.status(), 200, address);
  }
  await page.locator('main').getByRole('link', { name: 'Workbench' }).click();
  await page.waitForURL('**/workbench');
  assert.equal(await page.title(), 'Workbench – Kith');
  await says(page.locator('[aria-current=page]'), 'Workbench');
  await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
  await page.waitForURL(walker.url('/'));
  await page.goto(walker.url('/nowhere'));
  await says(page.locator('main'), 'There is no page at this address');
  await walker.looksAt(page, 'nowhere');
}

export async function issues_stand_beside_their_lines(walker) {
  const page = await opens(walker);
  await walker.looksAt(page, 'workbench');
  await checks(page, lines(CHILD));
  assert.match(await heading(page), /^1 error/);
  await holdsFocus(page, 'found', 'the result has the focus');
  assert.match(await page.title(), /^1 error/);
  const line = page.locator('#line-3');
  assert.equal(await line.locator('mark').innerText(), '"gender": "femail"');
  const issue = line.locator('.issue').first();
  await says(issue, 'Error');
  await says(issue, 'line 3, column 3');
  await says(issue, 'Patient.gender');
  const [beside, code] = [await issue.boundingBox(), await line.locator('> code').boundingBox()];
  assert.ok(beside.x >= code.x + code.width, 'the issue stands beside its line');
  await page.locator('.summary a[href="#line-3"]').first().click();
  await page.waitForURL('**/workbench#line-3');
  assert.equal(await box(page), lines(CHILD), 'the text is still there to be changed');
  await walker.looksAt(page, 'one-issue');
  await checks(page, lines({ resourceType: 'Basic', id: 'a', code: { text: 'Something' } }));
  assert.match(await heading(page), /^No errors/);
  await walker.looksAt(page, 'good');
}

export async function a_chosen_profile_is_asked_too(walker) {
  const page = await opens(walker);
  await page.getByLabel('Profile', { exact: true }).selectOption({ label: 'Child with NHS number, name and birth date' });
  await checks(page, lines({ ...CHILD, gender: 'female' }));
  assert.match(await heading(page), /error/);
  await says(page.locator('.summary'), 'Child with NHS number, name and birth date');
  assert.equal(await page.getByLabel('Profile', { exact: true }).inputValue(), `${PROFILES}registered-child`, 'the choice stays');
  await page.getByLabel('Profile', { exact: true }).selectOption({ label: 'What the resource claims' });
  await checks(page, lines({ ...CHILD, gender: 'female' }));
  assert.match(await heading(page), /^No errors/);
  // Enter in the field checks, and is no correction.
  await checks(page, lines({ ...CHILD, gender: 'Female' }));
  const other = page.getByLabel('Or the address of another profile');
  await other.fill(`${PROFILES}birth-weight`);
  await goes(page, () => other.press('Enter'));
  assert.equal(await page.locator('#mended').count(), 0);
  await says(page.locator('.summary'), 'Birth weight');
  assert.match(await heading(page), /error/);
  await other.fill('https://elsewhere.example/StructureDefinition/child');
  await goes(page, () => other.press('Enter'));
  await holdsFocus(page, 'summary');
  await page.locator('.summary a').click();
  await holdsFocus(page, 'other', 'the summary leads to the field');
  await says(page.locator('#other-wrong'), 'Kith does not know this profile');
  assert.equal(await other.inputValue(), 'https://elsewhere.example/StructureDefinition/child');
  await walker.looksAt(page, 'unknown-profile');
}

export async function a_correction_is_applied(walker) {
  const page = await opens(walker, '/workbench?example=with-faults');
  await presses(page, 'Check it');
  await walker.looksAt(page, 'with-faults');
  const buttons = page.getByRole('button', { name: /^Apply: / });
  const before = await buttons.count();
  assert.ok(before >= 3, `${before} corrections`);
  await presses(page, 'Apply: replace "31/10/2026" with "2026-10-31"');
  await says(page.locator('#mended'), 'Changed. Replaced "31/10/2026" with "2026-10-31".');
  await holdsFocus(page, 'mended', 'what was changed has the focus');
  assert.match(await box(page), /"birthDate": "2026-10-31"/);
  assert.equal(await buttons.count(), before - 1, 'that issue is gone, and no other');
  await walker.looksAt(page, 'corrected');
  // A text that was changed in the meantime is not changed by a correction of the old one.
  const changed = (await box(page)).replace('"Official"', '"official"');
  await page.getByLabel('Resource, as JSON').fill(changed);
  await presses(page, /^Apply: replace "Official"/);
  await says(page.locator('#mended'), 'Nothing was changed.');
  assert.equal(await box(page), changed);
  for (let left = await buttons.count(); left > 0; left -= 1) {
    await goes(page, () => buttons.first().click());
    await says(page.locator('#mended'), 'Changed.');
  }
  assert.equal(await buttons.count(), 0);
}

export async function the_profile_is_one_link_away(walker) {
  const page = await opens(walker, '/workbench?example=with-faults');
  await page.getByLabel('Profile', { exact: true }).selectOption(`${PROFILES}registered-child`);
  await presses(page, 'Check it');
  const link = page.locator('.issue').getByRole('link', { name: 'Child' }).first();
  await link.click();
  await page.waitForURL('**/developers/profiles/*');
  await says(page.locator('h1'), 'Child');
  await page.getByRole('link', { name: 'StructureDefinition' }).click();
  await page.waitForURL('**/fhir/StructureDefinition/*');
  const profile = JSON.parse(await page.locator('body').innerText());
  assert.equal(profile.resourceType, 'StructureDefinition');
}

export async function developers_read_what_goes_where(walker) {
  const page = await opens(walker, '/developers');
  await walker.looksAt(page, 'developers');
  await page.getByRole('link', { name: 'First-visit form' }).click();
  await says(page.locator('h1'), 'First-visit form');
  const row = page.getByRole('row').filter({ hasText: 'child.birthDate' });
  await says(row, 'identity/birth-date');
  await page.locator('details').first().locator('summary').click();
  await says(page.locator('details pre').first(), '"nhsNumber"');
  await walker.looksAt(page, 'developers-form');
  await page.goBack();
  await page.locator('summary', { hasText: 'Observation' }).click();
  await page.getByRole('link', { name: 'Weight', exact: true }).click();
  await says(page.getByRole('row').filter({ hasText: 'kith-weight-1' }), 'between 0.3 kg and 30 kg');
  await walker.looksAt(page, 'developers-profile');
  await page.getByRole('link', { name: 'weight-maja' }).click();
  await page.waitForURL('**/workbench?example=**');
  assert.match(await box(page), /29463-7/);
  await page.goto(walker.url('/developers'));
  await page.locator('summary', { hasText: 'Code systems' }).click();
  await page.getByRole('link', { name: 'Datasets and items' }).click();
  await says(page.getByRole('row').filter({ hasText: 'maternal-wellbeing' }), 'They are hers');
  await walker.looksAt(page, 'developers-codes');
}

export async function everything_works_by_keyboard(walker) {
  const page = await opens(walker);
  await page.keyboard.press('Tab');
  await says(focused(page), 'Skip to main content');
  await page.keyboard.press('Enter');
  await tabsTo(page, page.getByLabel('Resource, as JSON'), 'the box');
  await page.keyboard.insertText(lines({ ...CHILD, gender: 'female', birthDate: '31/10/2026' }));
  await tabsTo(page, page.getByLabel('Profile', { exact: true }), 'the profiles');
  const profiles = page.getByLabel('Profile', { exact: true });
  await typesOption(page, profiles, 'Child with NHS', `${PROFILES}registered-child`);
  await tabsTo(page, page.getByRole('button', { name: 'Check it' }), 'the button');
  await goes(page, () => page.keyboard.press('Enter'));
  await holdsFocus(page, 'found');
  assert.equal(await page.getByLabel('Profile', { exact: true }).inputValue(), `${PROFILES}registered-child`);
  await tabsTo(page, page.locator('.summary a[href="#line-4"]').first(), 'the issue in the summary');
  await page.keyboard.press('Enter');
  await tabsTo(page, page.locator('#line-4 button').first(), 'the correction');
  await goes(page, () => page.keyboard.press('Space'));
  await holdsFocus(page, 'mended');
  assert.match(await box(page), /2026-10-31/);
  await tabsTo(page, page.locator('.issue a[href^="/developers/profiles/"]').first(), 'the profile');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/developers/profiles/*');
}

export async function nothing_scrolls_sideways_on_a_phone(walker) {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  const page = await opens(walker, '/workbench?example=with-faults', phone);
  await goes(page, () => page.getByRole('button', { name: 'Check it' }).tap());
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `${width} wide`);
  const issue = page.locator('.issue').first();
  const line = page.locator('.line:has(.issue)').first();
  const [below, code] = [await issue.boundingBox(), await line.locator('> code').boundingBox()];
  assert.ok(below.y >= code.y + code.height, 'the issue stands below its line');
  for (const button of await page.getByRole('button').all()) {
    const size = await button.boundingBox();
    assert.ok(size.height >= 44, `a button is ${size.height} high`);
  }
  await goes(page, () => page.getByRole('button', { name: /^Apply: / }).first().tap());
  await says(page.locator('#mended'), 'Changed.');
}

export async function everything_is_there_without_a_script(walker) {
  const page = await opens(walker, '/workbench', { javaScriptEnabled: false });
  assert.equal(await page.getByLabel('Or choose a file').isVisible(), false, 'what needs the script is not offered');
  await presses(page, 'Show the example');
  await presses(page, 'Check it');
  assert.match(await heading(page), /error/);
  await holdsFocus(page, 'found');
  await presses(page, /^Apply: /);
  await says(page.locator('#mended'), 'Changed.');
  await holdsFocus(page, 'mended');
}

export async function a_file_fills_the_box(walker) {
  const page = await opens(walker);
  const file = { name: 'child.json', mimeType: 'application/json', buffer: Buffer.from(lines(CHILD)) };
  await page.getByLabel('Or choose a file').setInputFiles(file);
  await says(page.getByRole('status'), 'The box now holds child.json');
  assert.equal(await box(page), lines(CHILD));
  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(['{"resourceType": "Basic"}'], 'basic.json', { type: 'application/json' }));
    return data;
  });
  for (const event of ['dragover', 'drop']) {
    await page.getByLabel('Resource, as JSON').dispatchEvent(event, { dataTransfer: dropped });
  }
  await says(page.getByRole('status'), 'The box now holds basic.json');
  assert.equal(await box(page), '{"resourceType": "Basic"}');
  const large = { name: 'large.json', mimeType: 'application/json', buffer: Buffer.alloc(3_000_000, 'x') };
  await page.getByLabel('Or choose a file').setInputFiles(large);
  await says(page.getByRole('status'), 'large.json is too large');
  assert.equal(await box(page), '{"resourceType": "Basic"}', 'what was there stays');
}

export async function an_example_is_a_beginning(walker) {
  const page = await opens(walker);
  await page.getByLabel('Example').selectOption('Patient/registered-child-maja');
  await presses(page, 'Show the example');
  await page.waitForURL('**/workbench?example=*');
  assert.equal(JSON.parse(await box(page)).id, 'registered-child-maja');
  await presses(page, 'Check it');
  assert.match(await heading(page), /^No errors/);
  await page.goto(walker.url('/workbench?example=Patient/nobody'));
  await says(page.locator('main'), 'Kith has no such example');
}

export async function hostile_text_stays_text(walker) {
  const page = await opens(walker);
  const evil = '</textarea></code><script>alert(1)</script><img src=x onerror=alert(2)>';
  const hostile = `{\n  "resourceType": "Patient",\n  "gender": "${evil}",\n  "${evil}": 1,\n  "birthdate": "'\\"><b id=evil>"\n}`;
  await checks(page, hostile);
  assert.match(await heading(page), /error/);
  assert.equal(await box(page), hostile, 'the text comes back as it was');
  assert.equal(await page.locator('#evil, main img, main script').count(), 0);
  await says(page.locator('#line-3 > code'), evil);
  await walker.looksAt(page, 'hostile');
  await presses(page, /^Apply: rename “birthdate”/);
  await says(page.locator('#mended'), 'Changed.');
  assert.equal(await box(page), hostile.replace('birthdate', 'birthDate'));
}

export async function what_the_form_lacks_is_said_where_it_lacks(walker) {
  const page = await opens(walker);
  await checks(page, '  ');
  await holdsFocus(page, 'summary');
  assert.match(await page.title(), /^Error: /);
  await says(page.locator('#resource-wrong'), 'Error: Paste a resource');
  await page.locator('.summary a').click();
  await holdsFocus(page, 'resource', 'the summary leads to the field');
  await walker.looksAt(page, 'empty');
  await checks(page, '{\n  "resourceType": "Patient",\n  oops\n}');
  await holdsFocus(page, 'summary');
  await says(page.locator('#resource-wrong'), 'Line 3, column 3');
  await says(page.locator('#line-3 .issue'), 'Error');
  await walker.looksAt(page, 'no-json');
  await checks(page, `"${'x'.repeat(2_200_000)}"`);
  await says(page.locator('#resource-wrong'), 'too large');
  await holdsFocus(page, 'summary');
}

export async function a_long_text_is_shown_where_its_issues_are(walker) {
  const page = await opens(walker);
  const name = Array.from({ length: 400 }, (_, index) => ({ family: `Whitlock ${index}` }));
  name[300].use = 'Official';
  await checks(page, lines({ resourceType: 'Patient', name }));
  await says(page.locator('main'), 'only lines with issues are shown');
  assert.ok(await page.locator('.line').count() < 30);
  await says(page.locator('.gap').first(), 'no issues');
  await walker.looksAt(page, 'long');
  // One long line shows the place itself.
  await checks(page, JSON.stringify({ resourceType: 'Patient', name }));
  await says(page.locator('.issue-error .excerpt mark').first(), '"use":"Official"');
  await walker.looksAt(page, 'one-line');
  await presses(page, 'Put each element on a line of its own');
  await says(page.locator('#mended'), 'Changed. Put each element on a line of its own.');
  assert.equal(await box(page), lines({ resourceType: 'Patient', name }));
}
