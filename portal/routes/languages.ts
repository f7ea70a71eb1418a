/** The languages a visitor can choose; the portal's own pages stay English, its modules speak all of them. */
export const LANGUAGES = [
  { name: 'english', tag: 'en', dir: 'ltr', label: 'English' },
  { name: 'german', tag: 'de', dir: 'ltr', label: 'Deutsch' },
  { name: 'arabic', tag: 'ar', dir: 'rtl', label: 'العربية' },
] as const;

export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES = LANGUAGES.map(({ name }) => name);

/** @returns the language of that name, English for any other. */
export function languageOf(name: string | undefined): Language {
  return LANGUAGES.find((language) => language.name === name) ?? LANGUAGES[0];
}
