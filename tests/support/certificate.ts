/** A certificate that nobody has signed but itself, made by openssl. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const PEM = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g;

/** @returns what `https.createServer` takes; for 127.0.0.1, and good for a day */
export async function selfSigned(): Promise<{ key: string; cert: string }> {
  const words = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout - -days 1';
  const about = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const { stdout } = await promisify(execFile)('openssl', [...words.split(' '), ...about]);
  const parts = [...stdout.matchAll(PEM)].map(([pem, kind = '']) => [kind, pem] as const);
  const [key, cert] = ['PRIVATE KEY', 'CERTIFICATE'].map(
    (wanted) => parts.find(([kind]) => kind === wanted)?.[1] ?? '',
  );
  return { key: key ?? '', cert: cert ?? '' };
}
