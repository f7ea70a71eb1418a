/** The mail folder: what another portal would send is kept here and shown to staff. */
import type { Knex } from 'knex';
import { Problem } from '../problem';
import { list, type Listed, type Office } from './office';
import type { Client, Mail } from './rows';

export async function sendMail(
  trx: Knex,
  at: number,
  to: Pick<Client, 'id' | 'email'>,
  mail: { readonly subject: string; readonly text: string; readonly html?: string },
): Promise<void> {
  const { subject, text, html = '' } = mail;
  await trx('portal_mails').insert({ client_id: to.id, recipient: to.email, subject, text, html, at });
}

/** @throws Problem when there is no such mail */
export async function mailById(db: Knex, id: number): Promise<Mail> {
  const mail = await db('portal_mails').where({ id }).first();
  if (!mail) throw new Problem('There is no such mail.', 404);
  return mail;
}

/** Newest first. */
export function listMails({ db }: Office, page: number): Promise<Listed<Mail>> {
  return list(db('portal_mails'), page, ({ limit, offset }) =>
    db('portal_mails').orderBy('id', 'desc').limit(limit).offset(offset),
  );
}
