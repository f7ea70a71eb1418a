#!/usr/bin/env python3
"""A billing portal that speaks with the affiliate service: small, but with all that a real one does.

Needs SERVICE (the address of the service) and HOST_SECRET. PORT is where it listens, 8080 unless set. What people do at
a real portal, `POST /conformance` does here, one step at a time: see docs/conformance.md.
"""
import base64, hashlib, hmac, json, os, secrets, sqlite3, threading, time, urllib.error, urllib.request
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SERVICE, HOST_SECRET = os.environ["SERVICE"], os.environ["HOST_SECRET"]

# --- What the portal keeps. In a real one, most of it is there already: `events` and `commands` are what you add.
# AUTOINCREMENT: an id that was deleted is never given again, or its invoice would pass for one that earned already.

LOCK = threading.RLock()  # One deed at a time; nobody holds it while the service is asked.
SENDING = threading.Lock()  # One sender at a time, so that what was told first is sent first.
WAKE = threading.Event()
DB = sqlite3.connect(":memory:", check_same_thread=False)
DB.row_factory = sqlite3.Row
DB.executescript("""
CREATE TABLE clients (id INTEGER PRIMARY KEY AUTOINCREMENT, firstname, lastname, email, address1, postcode, country,
  credit DEFAULT '0');
CREATE TABLE invoices (id INTEGER PRIMARY KEY AUTOINCREMENT, client INTEGER, currency, total, credit, paid DEFAULT 0);
CREATE TABLE lines (id INTEGER PRIMARY KEY AUTOINCREMENT, invoice INTEGER, type, description, amount, discount);
CREATE TABLE refunds (id INTEGER PRIMARY KEY AUTOINCREMENT, invoice INTEGER, amount);
CREATE TABLE tickets (id INTEGER PRIMARY KEY AUTOINCREMENT, client INTEGER, department, subject, message);
CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, hook, payload, refused);
CREATE TABLE commands (key PRIMARY KEY, answer);
""")


def row(query, *values):
    return DB.execute(query, values).fetchone()


def insert(table, **values):
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    return DB.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values())).lastrowid


# --- Telling. A fact is written in the transaction of what happened, and sent from there: nothing waits for the service.


def tell(hook, **payload):
    now = time.time()
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03}Z"
    # The id is the fact's own for ever, so that it counts once however often it is sent.
    insert("events", hook=hook, payload=json.dumps({"eventId": f"fact-{secrets.token_hex(12)}", "at": at, **payload}))


def send():
    """Sends what waits, oldest first. Whatever gets no answer stays where it is."""
    while True:
        with LOCK:
            rows = DB.execute("SELECT * FROM events WHERE refused IS NULL ORDER BY id LIMIT 100").fetchall()
        if not rows:
            return
        events = [{"hook": each["hook"], "payload": json.loads(each["payload"])} for each in rows]
        status, answer = ask("POST", "/events", {"events": events})
        if status != 200:
            return
        answers = answer["answers"]
        with LOCK, DB:
            for each, told in zip(rows, answers):
                if told["accepted"]:
                    DB.execute("DELETE FROM events WHERE id = ?", [each["id"]])
                elif not told["retry"]:
                    # The same again would be refused again: somebody must look at it.
                    DB.execute("UPDATE events SET refused = ? WHERE id = ?", [json.dumps(told), each["id"]])
        if any(told["retry"] for told in answers):
            return


def ask(method, path, body=None):
    """Asks the service with a signed request. Returns the status and the answer; 0 where there is none."""
    data = b"" if body is None else json.dumps(body).encode()
    now = int(time.time())
    claims = {"iss": "portal", "aud": "affiliates", "iat": now, "exp": now + 60, "jti": secrets.token_hex(16)}
    claims |= {"req": f"{method} {path}", "sha256": hashlib.sha256(data).hexdigest()}
    signed = encode(b'{"alg":"HS256","typ":"JWT"}') + b"." + encode(json.dumps(claims).encode())
    token = signed + b"." + encode(hmac.digest(HOST_SECRET.encode(), signed, "sha256"))
    headers = {"Authorization": f"Bearer {token.decode()}", "Content-Type": "application/json"}
    request = urllib.request.Request(SERVICE + path, data=data or None, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, None
    except (OSError, ValueError):
        return 0, None


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


# --- Doing what the service asks for, each once: the answer is kept with the key, in the transaction of the deed.


def work():
    status, answer = ask("GET", "/commands?limit=20")
    if status != 200 or not answer["commands"]:
        return
    acks = []
    for command in answer["commands"]:
        with LOCK, DB:
            known = row("SELECT answer FROM commands WHERE key = ?", command["key"])
            done = json.loads(known["answer"]) if known else do(command["kind"], command["request"])
            if not known:
                insert("commands", key=command["key"], answer=json.dumps(done))
        acks.append({"id": command["id"], "answer": done})
    ask("POST", "/commands/ack", {"acks": acks})


def do(kind, request):
    if kind == "addCredit":
        add_credit(request["clientId"], Decimal(request["amount"]))
        return {"reference": secrets.token_hex(8)}
    if kind == "openTicket":
        ticket = open_ticket(request["clientId"], request["department"], request["subject"], request["message"])
        return {"ticketId": ticket}
    # A real portal answers the ticket and sends the mail.
    return {} if kind in ("replyTicket", "sendMail") else {"refused": f"{kind} is not known here"}


def add_credit(client, amount):
    credit = Decimal(row("SELECT credit FROM clients WHERE id = ?", client)["credit"])
    DB.execute("UPDATE clients SET credit = ? WHERE id = ?", [str(credit + amount), client])


# --- Billing: what happens at a portal, and what it tells of it.


def add_client(person, cookie):
    client = insert("clients", **person)
    tell("ClientAdd", client_id=client, **person, cookie=cookie)
    return client


def close_client(client):
    tell("ClientClose", userid=client)


def delete_client(client):
    tell("PreDeleteClient", userid=client)
    DB.execute("DELETE FROM lines WHERE invoice IN (SELECT id FROM invoices WHERE client = ?)", [client])
    DB.execute("DELETE FROM invoices WHERE client = ?", [client])
    DB.execute("DELETE FROM clients WHERE id = ?", [client])


def merge_clients(leaving, staying):
    DB.execute("UPDATE invoices SET client = ? WHERE client = ?", [staying, leaving])
    DB.execute("DELETE FROM clients WHERE id = ?", [leaving])
    tell("AfterClientMerge", toUserID=staying, fromUserID=leaving)


def add_invoice(client, currency, lines, total, credit="0"):
    if Decimal(credit):
        add_credit(client, -Decimal(credit))
    invoice = insert("invoices", client=client, currency=currency, total=total, credit=credit)
    for line in lines:
        insert("lines", invoice=invoice, **line)
    return invoice


def pay_invoice(invoice):
    paid = row("SELECT * FROM invoices WHERE id = ?", invoice)
    lines = DB.execute("SELECT * FROM lines WHERE invoice = ?", [invoice]).fetchall()
    if paid["paid"]:
        return  # The payment provider told us twice.
    DB.execute("UPDATE invoices SET paid = 1 WHERE id = ?", [invoice])
    for line in lines:
        if line["type"] == "deposit":
            add_credit(paid["client"], Decimal(line["amount"]))
    items = [
        {"id": line["id"], "type": line["type"], "amount": line["amount"], "discount": line["discount"] or "0"}
        | {"productname": line["description"]}
        for line in lines
    ]
    snapshot = {"userid": paid["client"], "currency": paid["currency"], "total": paid["total"], "credit": paid["credit"]}
    tell("InvoicePaid", invoiceid=invoice, invoice={**snapshot, "items": items})


def unpay_invoice(invoice):
    DB.execute("UPDATE invoices SET paid = 0 WHERE id = ?", [invoice])
    tell("InvoiceUnpaid", invoiceid=invoice)


def refund_invoice(invoice, amount, refund=None):
    if refund:
        return refund  # It is known already.
    refund = insert("refunds", invoice=invoice, amount=amount)
    currency = row("SELECT currency FROM invoices WHERE id = ?", invoice)["currency"]
    tell("InvoiceRefunded", invoiceid=invoice, refundid=refund, amount=amount, currency=currency)
    return refund


def open_ticket(client, department, subject, message):
    ticket = insert("tickets", client=client, department=department, subject=subject, message=message)
    tell("TicketOpen", ticketid=ticket, userid=client, deptname=department, subject=subject, message=message)
    return ticket


# --- The steps of the conformance kit. Such an address belongs into a test installation, and nowhere else.

PERSON = ("firstname", "lastname", "email", "address1", "postcode", "country")
STEPS = {
    "addClient": lambda told: {"id": add_client({name: told[name] for name in PERSON}, told["cookie"])},
    "closeClient": lambda told: close_client(told["client"]),
    "deleteClient": lambda told: delete_client(told["client"]),
    "mergeClients": lambda told: merge_clients(told["from"], told["into"]),
    "addInvoice": lambda told: {
        "id": add_invoice(told["client"], told["currency"], told["lines"], told["total"], told.get("credit", "0"))
    },
    "payInvoice": lambda told: pay_invoice(told["invoice"]),
    "unpayInvoice": lambda told: unpay_invoice(told["invoice"]),
    "refundInvoice": lambda told: {"id": refund_invoice(told["invoice"], told["amount"], told.get("refund"))},
    "openTicket": lambda told: {
        "id": open_ticket(told["client"], told["department"], told["subject"], told["message"])
    },
    "creditOf": lambda told: {"amount": row("SELECT credit FROM clients WHERE id = ?", told["client"])["credit"]},
}


def deliver():
    """What happens after every deed, and each minute."""
    with SENDING:
        send()
        work()
        send()
    with LOCK:
        return {"waiting": row("SELECT count(*) AS waiting FROM events WHERE refused IS NULL")["waiting"]}


def deliver_for_ever():
    while True:
        WAKE.wait(60)
        WAKE.clear()
        deliver()


def is_signed(authorization, request, body):
    """Whether the service's secret signed this very request: what a real portal uses a JWT library for."""
    try:
        head, claims, signature = authorization.removeprefix("Bearer ").split(".")
        right = encode(hmac.digest(HOST_SECRET.encode(), f"{head}.{claims}".encode(), "sha256"))
        told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    except ValueError:
        return False
    wanted = {"iss": "affiliates", "aud": "portal", "req": request, "sha256": hashlib.sha256(body).hexdigest()}
    is_fresh = abs(time.time() - told.get("iat", 0)) < 120
    return hmac.compare_digest(right, signature.encode()) and is_fresh and wanted.items() <= told.items()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if not is_signed(self.headers["Authorization"] or "", f"POST {self.path}", body):
            return self.reply(401, {})
        told = json.loads(body)
        if told["step"] == "deliver":
            return self.reply(200, deliver())
        if told["step"] not in STEPS:
            return self.reply(501, {})
        with LOCK, DB:
            answer = STEPS[told["step"]](told)
        WAKE.set()
        self.reply(200, answer or {})

    def reply(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    threading.Thread(target=deliver_for_ever, daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Handler).serve_forever()
