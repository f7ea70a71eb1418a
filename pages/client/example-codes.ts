/** Code with the referral link, ready to be pasted: text links in four notations. */
import Handlebars from 'handlebars';

/** Between quotation marks an equals sign is harmless; escaped, a link with parameters would look broken. */
const html = (text: string): string => Handlebars.escapeExpression(text).replaceAll('&#x3D;', '=');

export interface ExampleCode {
  readonly id: string;
  readonly kind: 'html' | 'markdown' | 'bbcode' | 'plain';
  readonly code: string;
}

export function exampleCodes(link: string, text: string): ExampleCode[] {
  const codes: Omit<ExampleCode, 'id'>[] = [
    { kind: 'html', code: `<a href="${html(link)}">${html(text)}</a>` },
    { kind: 'markdown', code: `[${text}](${link})` },
    { kind: 'bbcode', code: `[url=${link}]${text}[/url]` },
    { kind: 'plain', code: link },
  ];
  return codes.map((example) => ({ ...example, id: `aff-code-${example.kind}` }));
}

/** @param source absolute address of the picture */
export function bannerCode(
  link: string,
  source: string,
  banner: { readonly width: number; readonly height: number; readonly title: string },
): string {
  const { width, height, title } = banner;
  return `<a href="${html(link)}"><img src="${html(source)}" width="${width}" height="${height}" alt="${html(title)}"></a>`;
}
