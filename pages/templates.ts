/**
 * Handlebars in an instance of its own: every template is read and compiled once, strictly, with our helpers only.
 * A host's folder may hold a template of the same relative name, which then wins.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { folder } from './folders';
import { helpers } from './helpers';
import type { Frame } from './frame';

export interface Templates {
  /** @param name relative, without extension: 'client/home' */
  render(name: string, model: object, frame: Frame): string;
}

const EXTENSION = '.hbs';
/** Templates of plain text, in which an apostrophe must not become `&#x27;`. */
const PLAIN = '.text';

/** @param override a host's folder of templates that win over ours */
export function compileTemplates(override?: string): Templates {
  const handlebars = Handlebars.create();
  handlebars.registerHelper(helpers);
  const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
  const compiled = new Map<string, Handlebars.TemplateDelegate>();
  for (const [name, source] of readTemplates(override)) {
    const template = handlebars.compile(source, {
      strict: true,
      preventIndent: true,
      knownHelpersOnly: true,
      knownHelpers,
      noEscape: name.endsWith(PLAIN),
    });
    compiled.set(name, template);
    handlebars.registerPartial(name, template);
  }
  return {
    render(name, model, frame) {
      const template = compiled.get(name);
      if (!template) throw new Error(`templates/ has no ${name}${EXTENSION}`);
      return template(model, {
        data: frame,
        allowProtoMethodsByDefault: false,
        allowProtoPropertiesByDefault: false,
      });
    },
  };
}

function readTemplates(override?: string): Map<string, string> {
  const folders = [folder('templates'), ...(override && existsSync(override) ? [override] : [])];
  return new Map(
    folders.flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith(EXTENSION))
        .map((path): [string, string] => [
          path.slice(0, -EXTENSION.length).replaceAll('\\', '/'),
          readFileSync(join(root, path), 'utf8'),
        ]),
    ),
  );
}
