/** The stand-in for WHMCS as the conformance kit drives a portal: it does what WHMCS does, and fires its hooks. */
import { DateTime } from 'luxon';
import { STEPS, type Answer, type Portal, type StepName, type Told } from '../../server/conformance/steps';
import { ADDON, type Whmcs } from './whmcs';

type Steps = { readonly [S in StepName]: (told: Told<S>) => Promise<Answer<S>> };

/** As WHMCS writes a time, in the time zone that it runs in. */
const present = () => DateTime.now().setZone('Europe/Berlin').toFormat('yyyy-MM-dd HH:mm:ss');

export function whmcsPortal(whmcs: Whmcs): Portal {
  const steps: Steps = { ...people(whmcs), ...billing(whmcs), ...rest(whmcs) };
  return {
    // The name chooses the function, so that what it takes and answers is that step's.
    step: async (name, told) =>
      STEPS[name].answer.parse(await (steps[name] as (told: unknown) => unknown)(told)) as never,
  };
}

function people({
  add,
  tables,
  fire,
  url,
}: Whmcs): Pick<Steps, 'addClient' | 'closeClient' | 'deleteClient' | 'mergeClients'> {
  return {
    async addClient({ cookie, password, ...person }) {
      const id = await add('tblclients', { ...person, datecreated: present().slice(0, 10) });
      const vars = { ...person, client_id: id, user_id: id, password };
      const body = JSON.stringify({ point: 'ClientAdd', vars });
      await fetch(`${url}/act.php`, {
        method: 'POST',
        headers: { cookie, 'x-visitor': `198.18.${id % 250}.9` },
        body,
      });
      return { id: String(id) };
    },
    async closeClient({ client }) {
      await tables('tblclients').where({ id: client }).update({ status: 'Closed' });
      await fire('ClientClose', { userid: client });
      return {};
    },
    async deleteClient({ client }) {
      await fire('PreDeleteClient', { userid: client });
      const invoices = tables('tblinvoices').where({ userid: client });
      await tables('tblinvoiceitems').whereIn('invoiceid', invoices.clone().select('id')).delete();
      await invoices.delete();
      await tables('tblclients').where({ id: client }).delete();
      await fire('ClientDelete', { userid: client });
      return {};
    },
    async mergeClients({ from, into }) {
      for (const table of ['tblinvoices', 'tblhosting', 'tblaccounts'])
        await tables(table).where({ userid: from }).update({ userid: into });
      await tables('tblclients').where({ id: from }).delete();
      await fire('AfterClientMerge', { toUserID: into, fromUserID: from });
      return {};
    },
  };
}

function billing({
  add,
  tables,
  fire,
}: Whmcs): Pick<Steps, 'addInvoice' | 'payInvoice' | 'unpayInvoice' | 'refundInvoice'> {
  return {
    async addInvoice({ client: userid, currency, lines, tax, total, credit = '0' }) {
      await billsIn(tables, userid, currency);
      const amounts = {
        subtotal: Number(total) - Number(tax),
        tax,
        credit,
        total: Number(total) - Number(credit),
      };
      const invoiceid = await add('tblinvoices', { userid, ...amounts, status: 'Unpaid' });
      const taxed = Number(tax) > 0 ? 1 : 0;
      for (const { type, description, amount, discount } of lines) {
        const isService = type === 'service';
        const relid = isService ? await add('tblhosting', { userid, packageid: 1 }) : 0;
        const line = { invoiceid, userid, relid, taxed, description };
        await add('tblinvoiceitems', { ...line, type: isService ? 'Hosting' : 'AddFunds', amount });
        if (discount) await add('tblinvoiceitems', { ...line, type: 'PromoHosting', amount: `-${discount}` });
      }
      return { id: String(invoiceid) };
    },
    async payInvoice({ invoice: id }) {
      const invoice = tables('tblinvoices').where({ id });
      // Of one that is paid already WHMCS says it again, and leaves the date as it is.
      await invoice.clone().whereNot({ status: 'Paid' }).update({ status: 'Paid', datepaid: present() });
      await fire('InvoicePaid', { invoiceid: id });
      return {};
    },
    async unpayInvoice({ invoice: id }) {
      await tables('tblinvoices').where({ id }).update({ status: 'Unpaid' });
      await fire('InvoiceUnpaid', { invoiceid: id });
      return {};
    },
    async refundInvoice({ invoice: invoiceid, amount: amountout, refund }) {
      const id = refund ?? String(await add('tblaccounts', { invoiceid, amountout, date: present() }));
      await fire('AddTransaction', { id, invocieid: invoiceid, amountout });
      const [{ back }] = (await tables('tblaccounts').where({ invoiceid }).sum({ back: 'amountout' })) as [
        { back: string },
      ];
      const { subtotal, tax } = (await tables('tblinvoices').where({ id: invoiceid }).first()) as Record<
        string,
        string
      >;
      if (Number(back) >= Number(subtotal) + Number(tax)) {
        await tables('tblinvoices').where({ id: invoiceid }).update({ status: 'Refunded' });
        await fire('InvoiceRefunded', { invoiceid });
      }
      return { id };
    },
  };
}

function rest({ add, tables, fire, forgetRest }: Whmcs): Pick<Steps, 'openTicket' | 'creditOf' | 'deliver'> {
  return {
    async openTicket({ client: userid, department: deptname, subject, message }) {
      const { id: deptid } = (await tables('tblticketdepartments').where({ name: deptname }).first()) as {
        id: number;
      };
      const id = await add('tbltickets', { userid, did: deptid, title: subject, message });
      await fire('TicketOpen', { ticketid: id, userid, deptid, deptname, subject, message });
      return { id: String(id) };
    },
    async creditOf({ client: id }) {
      const { credit } = (await tables('tblclients').where({ id }).first()) as { credit: string };
      return { amount: credit };
    },
    async deliver() {
      await forgetRest();
      await fire('AfterCronJob');
      const [{ waiting }] = (await tables(`mod_${ADDON}_queue`)
        .where({ status: 'waiting' })
        .count({ waiting: '*' })) as [{ waiting: number }];
      return { waiting };
    },
  };
}

/** A client of WHMCS's has one currency. */
async function billsIn(tables: Whmcs['tables'], id: string, code: string): Promise<void> {
  const known = (await tables('tblcurrencies').where({ code }).first()) as { id: number } | undefined;
  const currency = known?.id ?? (await tables('tblcurrencies').insert({ code, rate: 150 }))[0];
  await tables('tblclients').where({ id }).update({ currency });
}
