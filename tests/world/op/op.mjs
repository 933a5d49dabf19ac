// A real OpenID provider on loopback for Kith's tests: npm oidc-provider, client credentials with private_key_jwt,
// RFC 9068 access tokens. Started by tests/world/op.rs; by hand: node op.mjs config.json
//
// It reads one line of JSON from stdin (or the file that is named), prints one line of JSON when it is ready, and
// ends when stdin does, so that it never outlives the test that started it.
//
//   { "audience": "https://…",        what tokens are for when the client asks for nothing else
//     "algorithm": "ES384",           what tokens are signed with
//     "ttl": 300,                     their life in seconds
//     "clockTolerance": 15,           so many seconds a client's clock may be wrong
//     "clients": [{ "id": "…", "algorithm": "RS384", "scope": "system/Flag.cu",
//                   "audience": "https://…",   optional: this client's tokens are for somebody else
//                   "jwk": {…} }] }            optional: its public key; without it one is made, and printed
//
// The second port is for tests only: POST /sign signs anything with the provider's key, POST /rotate takes a new key,
// POST /counts tells how often each path of the provider was asked.
import * as crypto from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as readline from 'node:readline';
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

/** Kith's pages as a client: a public one, on whatever port they are. */
const PAGES = {
  client_id: 'kith-pages',
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  redirect_uris: ['http://127.0.0.1/signed-in'],
};

/** Who can sign in, by choosing their name: what their ID token says of them. */
const PEOPLE = {
  operator: { ods_code: 'RZ995', role: 'OPERATOR' },
  officer: { ods_code: 'RZ996', role: 'IG-OFFICER' },
  visitor: { ods_code: 'RZ998', role: 'HEALTH-VISITOR' },
  pretender: { ods_code: 'RZ998', role: 'IG-OFFICER' },
  nurse: { ods_code: 'RZ997', role: 'SCHOOL-NURSE' },
  council: { ods_code: 'Y9820', role: 'DATA-LEAD' },
  teacher: { ods_code: '8KP01', role: 'SENCO' },
  centre: { ods_code: '8KS01', role: 'CENTRE-STAFF' },
  stranger: {},
};

/** The page at which people sign in: they choose who they are. */
async function interact(provider, request, response) {
  const url = new URL(request.url, 'http://localhost');
  const who = url.searchParams.get('as');
  if (!PEOPLE[who]) {
    const links = Object.keys(PEOPLE).map((name) => `<li><a href="${url.pathname}?as=${name}">${name}</a></li>`);
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Sign in</title><ul>${links.join('')}</ul>`);
    return;
  }
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: who, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const result = { login: { accountId: who }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const CLIENT_ALGORITHMS = ['RS384', 'RS512', 'ES384'];

async function readConfig() {
  if (process.argv[2]) return JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
  const lines = readline.createInterface({ input: process.stdin });
  const [line] = await once(lines, 'line');
  lines.on('close', () => process.exit(0));
  return JSON.parse(line);
}

async function newKey(algorithm, kid) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const about = { kid, alg: algorithm, use: 'sig' };
  return {
    kid,
    algorithm,
    object: crypto.KeyObject.from(privateKey),
    pem: await exportPKCS8(privateKey),
    privateJwk: { ...(await exportJWK(privateKey)), ...about },
    publicJwk: { ...(await exportJWK(publicKey)), ...about },
  };
}

/** Listens on a free loopback port; `handle.now` answers, and may be exchanged while it runs. */
async function listen(handle) {
  const server = http.createServer((request, response) => handle.now(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}`;
}

function invalidTarget() {
  return Object.assign(new Error('invalid_target'), {
    error: 'invalid_target', status: 400, statusCode: 400, expose: true,
  });
}

function makeProvider(issuer, config, clients, key) {
  const audienceOf = (id) => clients.find((client) => client.id === id)?.audience ?? config.audience;
  const scopes = [...new Set(clients.flatMap((client) => client.scope.split(' ')).filter(Boolean))];
  return new Provider(issuer, {
    clients: [PAGES, ...clients.map((client) => ({
      client_id: client.id,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: client.algorithm,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      scope: client.scope || undefined,
      jwks: { keys: [client.jwk] },
    }))],
    findAccount: (context, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
    claims: { openid: ['sub', 'ods_code', 'role'] },
    conformIdTokenClaims: false,
    clientDefaults: { id_token_signed_response_alg: key.algorithm },
    jwks: { keys: [key.privateJwk] },
    scopes: ['openid', ...scopes],
    clientAuthMethods: ['private_key_jwt', 'none'],
    enabledJWA: {
      clientAuthSigningAlgValues: CLIENT_ALGORITHMS,
      idTokenSigningAlgValues: [key.algorithm],
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (context, client) => audienceOf(client?.clientId),
        useGrantedResource: () => true,
        getResourceServerInfo: (context, resource, client) => {
          if (resource !== audienceOf(client.clientId)) throw invalidTarget();
          return {
            scope: scopes.join(' '),
            audience: resource,
            accessTokenTTL: config.ttl,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: key.algorithm, kid: key.kid } },
          };
        },
      },
    },
    clockTolerance: config.clockTolerance,
    ttl: { ClientCredentials: config.ttl },
  });
}

/** A JWS by hand: a library would rightly refuse to make most of what the tests need. */
function signRaw(header, claims, key) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part(header)}.${part(claims)}`;
  const hash = `sha${header.alg?.slice(2)}`;
  const object = key.object;
  let signature = Buffer.alloc(0);
  if (/^HS/.test(header.alg)) {
    // The classic confusion: the public key, which everybody has, taken as the shared secret.
    const secret = crypto.createPublicKey(object).export({ type: 'spki', format: 'pem' });
    signature = crypto.createHmac(hash, secret).update(text).digest();
  } else if (/^PS/.test(header.alg)) {
    const padding = crypto.constants.RSA_PKCS1_PSS_PADDING;
    signature = crypto.sign(hash, Buffer.from(text), { key: object, padding, saltLength: Number(header.alg.slice(2)) / 8 });
  } else if (/^(RS|ES)/.test(header.alg)) {
    signature = crypto.sign(hash, Buffer.from(text), { key: object, dsaEncoding: 'ieee-p1363' });
  }
  return `${text}.${signature.toString('base64url')}`;
}

async function main() {
  const config = { algorithm: 'ES384', ttl: 300, clockTolerance: 15, ...(await readConfig()) };
  const clients = [];
  const privateKeys = {};
  for (const client of config.clients) {
    const made = client.jwk ? undefined : await newKey(client.algorithm, `client-${client.id}`);
    if (made) privateKeys[client.id] = made.pem;
    clients.push({ ...client, jwk: client.jwk ?? made.publicJwk });
  }

  let serial = 0;
  let key;
  const counts = {};
  const door = {};
  const issuer = await listen(door);
  async function rotate(algorithm) {
    key = await newKey(algorithm ?? config.algorithm, `op-${++serial}`);
    const provider = makeProvider(issuer, config, clients, key);
    const answer = provider.callback();
    door.now = (request, response) => {
      const path = new URL(request.url, issuer).pathname;
      counts[path] = (counts[path] ?? 0) + 1;
      if (path.startsWith('/interaction/')) {
        interact(provider, request, response).catch((error) => response.writeHead(400).end(String(error)));
        return;
      }
      answer(request, response);
    };
    return { kid: key.kid };
  }
  await rotate();

  const actions = {
    '/sign': async ({ header = {}, claims, otherKey }) => {
      const whole = { alg: key.algorithm, typ: 'at+jwt', kid: key.kid, ...header };
      // `null` takes a header away.
      for (const name of Object.keys(whole)) if (whole[name] === null) delete whole[name];
      return { token: signRaw(whole, claims, otherKey ? await newKey(otherKey, 'other') : key) };
    },
    '/rotate': ({ algorithm }) => rotate(algorithm),
    '/counts': () => counts,
  };
  const admin = await listen({
    now: async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      try {
        const answer = await actions[request.url](JSON.parse(body || '{}'));
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      } catch (error) {
        response.writeHead(400).end(String(error));
      }
    },
  });
  console.log(JSON.stringify({ issuer, admin, privateKeys }));
}

// Whoever started it stops reading after the first line; the library's advice is not worth ending for.
process.stdout.on('error', () => {});
await main();
