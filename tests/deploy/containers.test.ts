/** deploy/Dockerfile and deploy/compose.yaml: without a fault, and as careful as they say. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

describe('deploy/Dockerfile', () => {
  const text = read('deploy/Dockerfile');
  const file = DockerfileParser.parse(text);
  const instructions = file
    .getInstructions()
    .map((one) => ({ keyword: one.getKeyword(), words: one.getArgumentsContent() ?? '' }));
  const last = instructions.slice(instructions.map(({ keyword }) => keyword).lastIndexOf('FROM'));
  const lastOf = (keyword: string) => last.filter((one) => one.keyword === keyword).map(({ words }) => words);

  it('is without a fault', () => {
    expect(validate(text)).toEqual([]);
  });

  it('is built in one stage and runs in another, both on Node 24', () => {
    const images = file.getFROMs().map((from) => from.getImage());
    expect(images).toEqual(['node:24-bookworm-slim', 'node:24-bookworm-slim']);
  });

  it('runs as a user without rights, who owns nothing of the program', () => {
    expect(lastOf('USER')).toEqual(['node']);
    expect(text).not.toContain('--chown');
  });

  it('takes exactly what is locked, and of that only what runs', () => {
    const installs = text.match(/npm (ci|install|i)\b[^\n&]*/g)?.map((command) => command.trim());
    expect(installs).toEqual(['npm ci', 'npm ci --omit=dev']);
  });

  it('holds all that the package holds, and is built from all that it is built from', () => {
    const { files } = JSON.parse(read('package.json')) as { files: string[] };
    const folders = files.filter((name) => /^[a-z]+$/.test(name));
    expect(lastOf('COPY').map((words) => words.split(' ').at(-1))).toEqual(expect.arrayContaining(folders));
    const { include } = JSON.parse(read('tsconfig.build.json')) as { include: string[] };
    const copied = file.getCOPYs().flatMap((copy) => copy.getArguments().map((word) => word.getValue()));
    expect(copied).toEqual(expect.arrayContaining(include));
    const ours = copied.filter((word) => /^[a-z]/.test(word) && !['dist', 'node_modules'].includes(word));
    expect(ours.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  it('is healthy while the service is ready, and is told to stop as the service is', () => {
    const [check = ''] = lastOf('HEALTHCHECK');
    expect(check).toContain("fetch('http://127.0.0.1:8700/readyz')");
    // A shell in between would keep the signal to itself.
    expect(lastOf('ENTRYPOINT')).toEqual(['["node", "dist/server/cli.js"]']);
    expect(lastOf('CMD')).toEqual(['["serve"]']);
  });
});

interface Container {
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly [key: string]: unknown;
}

describe('deploy/compose.yaml', () => {
  const { services, volumes } = parse(read('deploy/compose.yaml')) as {
    services: { affiliates: Container; database: Container };
    volumes: Record<string, unknown>;
  };
  const { affiliates, database } = services;

  it('builds the service from the Dockerfile beside it', () => {
    expect(affiliates['build']).toEqual({ context: '..', dockerfile: 'deploy/Dockerfile' });
  });

  it('starts the service when the database answers', () => {
    expect(affiliates['depends_on']).toEqual({ database: { condition: 'service_healthy' } });
    expect(database['healthcheck']).toMatchObject({
      test: expect.arrayContaining(['healthcheck.sh']) as string[],
    });
  });

  it('opens one port, and that to this machine alone', () => {
    expect(affiliates.ports).toEqual(['127.0.0.1:8700:8700']);
    expect(database.ports).toBeUndefined();
  });

  it('keeps the database in a volume with a name', () => {
    expect(database.volumes).toEqual(['database:/var/lib/mysql']);
    expect(Object.keys(volumes)).toEqual(['database']);
  });

  it('holds no secret, and does not start without one', () => {
    const secret = Object.entries({ ...affiliates.environment, ...database.environment }).filter(([name]) =>
      /SECRETS|_PASSWORD$|DATABASE$/.test(name),
    );
    const open = secret.filter(([, value]) => !/\$\{[A-Z_]+:\?[^}]+\}/.test(value)).map(([name]) => name);
    // The one is a name, the other asks for a password that nobody knows.
    expect(open).toEqual(['MARIADB_DATABASE', 'MARIADB_RANDOM_ROOT_PASSWORD']);
    expect(secret.length).toBe(6);
  });

  it('gives the service nothing to write to and no rights', () => {
    expect(affiliates).toMatchObject({ read_only: true, cap_drop: ['ALL'], init: true });
  });
});
