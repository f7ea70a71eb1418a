/**
 * What a host hands a page, and what it gets back. Both are plain data, and a file's content a stream, so that a page
 * can be asked for over HTTP as well as in-process.
 */
import type { Readable } from 'node:stream';

/** The signed-in person, as the host knows it. The host vouches for it; nothing here is taken from a form. */
export type Person =
  | { readonly client: { readonly id: string } }
  | { readonly staff: { readonly id: string; readonly name: string } };

export interface PageRequest {
  readonly who: Person;
  /** A BCP 47 tag ('de-AT') or a language's English name ('german'); an unknown one gets the program's language. */
  readonly locale: string;
  readonly method: 'GET' | 'POST';
  /** Query parameters of the address; `page` chooses the page. A repeated one keeps its last value. */
  readonly query: Readonly<Record<string, string>>;
  /** Fields of a posted form; empty for GET. */
  readonly body: Readonly<Record<string, string>>;
  /** The person's User-Agent header: *Test my link* then says whether clicks of this browser count. */
  readonly userAgent?: string;
  /**
   * The person's address, in the client area: a signup from where its affiliate was is put on hold. Only a hash of the
   * network is kept, for 30 days.
   */
  readonly ip?: string;
  /** The address of this area at the host; may have a query of its own ('index.php?m=affiliates'). */
  readonly base: string;
  /** The address under which the host serves the folder `assetsFolder`; no slash at its end. */
  readonly assets: string;
  /** The host's own CSRF field; every form carries it, and a POST whose body does not is refused. */
  readonly csrf: { readonly field: string; readonly token: string };
  /** Addresses of the host's own pages, `{id}` standing for the number; links are left out where not given. */
  readonly links?: { readonly client?: string; readonly ticket?: string };
}

/**
 * A rendered answer: a fragment for the host's own layout. A 303 carries `location` and no HTML. A file has a `body` in
 * place of HTML, and is sent as it is, under the type and name that `headers` say.
 */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The content of a file; absent for a page to look at. */
  readonly body?: Readable;
}

/**
 * What a piece of ours on a host's own page is given: `base` is the address of our client area for what clients
 * see, and of our staff area for what staff see.
 */
export type PanelContext = Pick<PageRequest, 'locale' | 'base' | 'assets' | 'csrf' | 'links'>;

/** A panel of the client area's home page, in the shape of WHMCS's `addChild`. */
export interface Panel {
  readonly name: string;
  readonly label: string;
  readonly icon: string;
  readonly order: number;
  readonly extras: {
    readonly color: string;
    readonly 'btn-link': string;
    readonly 'btn-text': string;
    readonly 'btn-icon': string;
  };
  readonly bodyHtml: string;
  readonly footerHtml: string;
}

/** An entry of the client area's main menu. */
export interface NavItem {
  readonly name: string;
  readonly label: string;
  readonly uri: string;
  readonly order: number;
}
