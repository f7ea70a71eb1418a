/** Ordering and paying, as a client. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { productById, promotionOf } from '../office/catalogue';
import { invoiceById, linesOf, listInvoices, order, paymentsOf } from '../office/invoices';
import { payInvoice } from '../office/payments';
import type { Office } from '../office/office';
import { fieldsOf, idFrom, pageFrom, readForm, text } from './forms';
import { signedInClient } from './guards';
import { leaveNotice } from './session';
import type { Show } from './views';

const orderForm = z.object({
  label: text('a domain or a name', 120),
  promocode: z
    .string()
    .trim()
    .default('')
    .refine((code) => code === '' || promotionOf(code) !== null, 'There is no such promotion.')
    .transform(promotionOf),
});

export function registerOrderPages(app: FastifyInstance, office: Office, show: Show): void {
  const { db } = office;
  app.get('/order/:id', async (request, reply) => {
    signedInClient(request);
    const product = await productById(db, idFrom(request.params));
    return show(reply, 'client/order', `Order ${product.name}`, { product });
  });
  app.post('/order/:id', async (request, reply) => {
    const client = signedInClient(request);
    const product = await productById(db, idFrom(request.params));
    const { data, errors } = readForm(orderForm, request.body);
    if (!data) {
      const model = { product, errors, values: fieldsOf(request.body) };
      return show(reply.code(422), 'client/order', `Order ${product.name}`, model);
    }
    const { label, promocode: promotion } = data;
    const id = await order(office, client.id, { productId: product.id, label, promotion });
    return reply.redirect(`/invoices/${id}`, 303);
  });

  app.get('/invoices', async (request, reply) => {
    const list = await listInvoices(office, pageFrom(request.query), signedInClient(request).id);
    return show(reply, 'client/invoices', 'Invoices', { list });
  });
  app.get('/invoices/:id', async (request, reply) => {
    const client = signedInClient(request);
    const invoice = await invoiceById(db, idFrom(request.params), client.id);
    const lines = await linesOf(db, invoice.id);
    const payments = await paymentsOf(db, invoice.id);
    return show(reply, 'client/invoice', `Invoice #${invoice.id}`, { invoice, lines, payments });
  });
  app.post('/invoices/:id/pay', async (request, reply) => {
    const invoice = await invoiceById(db, idFrom(request.params), signedInClient(request).id);
    const useCredit = fieldsOf(request.body)['credit'] === 'yes';
    await payInvoice(office, invoice.id, { useCredit, note: 'Card' });
    leaveNotice(reply, 'Thank you, the invoice is paid.');
    return reply.redirect(`/invoices/${invoice.id}`, 303);
  });
}
