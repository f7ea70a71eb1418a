/** The templates are strict, escape everything, and give way to a host's own. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../module/settings';
import { makeFrame } from '../../pages/frame';
import { folder } from '../../pages/folders';
import { loadLanguages } from '../../pages/language';
import { compileTemplates } from '../../pages/templates';
import { asked, aClient, PORTAL } from './given';

/** Templates that may write HTML unescaped. Nothing needs to: blocks of partials are HTML already. */
const UNESCAPED: readonly string[] = [];

const files = readdirSync(folder('templates'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.hbs'))
  .map((path) => ({ path, source: readFileSync(join(folder('templates'), path), 'utf8') }));

const settings = readSettings({ portalUrl: PORTAL });
const frame = makeFrame(asked(aClient('1')), loadLanguages(settings).of('en'), settings);

describe('the templates', () => {
  it.each(files.filter(({ path }) => !UNESCAPED.includes(path)))(
    'escape what they are given ($path)',
    ({ source }) => {
      expect(source).not.toMatch(/\{\{\{|\{\{&/);
    },
  );

  it.each(files.filter(({ path }) => !path.startsWith('email')))(
    'need neither inline scripts nor inline styles ($path)',
    ({ source }) => {
      expect(source).not.toMatch(/\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:/i);
    },
  );

  it('refuse a model that lacks what they show', () => {
    expect(() => compileTemplates().render('partials/failed', { title: 'T' }, frame)).toThrow(/message/);
  });

  it('cannot reach an object’s prototype', () => {
    const override = mkdtempSync(join(tmpdir(), 'affiliates-templates-'));
    writeFileSync(join(override, 'reach.hbs'), '{{constructor.name}}{{#if this.toString}}reached{{/if}}');
    const templates = compileTemplates(override);
    rmSync(override, { recursive: true });
    expect(() => templates.render('reach', {}, frame)).toThrow();
  });

  it('give way to a host’s template of the same name', () => {
    const override = mkdtempSync(join(tmpdir(), 'affiliates-templates-'));
    mkdirSync(join(override, 'partials'));
    writeFileSync(join(override, 'partials', 'failed.hbs'), 'Ours: {{message}}');
    const templates = compileTemplates(override);
    rmSync(override, { recursive: true });
    expect(templates.render('partials/failed', { title: '', message: '<b>' }, frame)).toBe('Ours: &lt;b&gt;');
  });
});
