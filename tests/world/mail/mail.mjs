// A real SMTP server for tests. Its settings come as one line of JSON on stdin: key and cert (PEM) for STARTTLS, user and password, port
// (0 for any). It prints one line of JSON when it is ready, and one for every letter that it takes. It ends when stdin does.
import { createInterface } from 'node:readline'
import { SMTPServer } from 'smtp-server'

const lines = createInterface({ input: process.stdin })
const settings = JSON.parse(await new Promise((resolve) => lines.once('line', resolve)))
lines.once('close', () => process.exit(0))
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`)

const server = new SMTPServer({
  key: settings.key,
  cert: settings.cert,
  authMethods: ['PLAIN', 'LOGIN'],
  disableReverseLookup: true,
  onAuth({ username, password }, _session, answer) {
    const known = username === settings.user && password === settings.password
    answer(known ? null : new Error('unknown'), { user: username })
  },
  onRcptTo({ address }, _session, answer) {
    answer(address.startsWith('refused') ? Object.assign(new Error('no such person'), { responseCode: 550 }) : null)
  },
  onData(stream, session, answer) {
    const parts = []
    stream.on('data', (part) => parts.push(part))
    stream.on('end', () => {
      const { envelope, secure, user } = session
      const to = envelope.rcptTo.map(({ address }) => address)
      say({ from: envelope.mailFrom.address, to, secure, user, text: Buffer.concat(parts).toString() })
      answer()
    })
  },
})
server.on('error', () => {})
server.listen(settings.port, '127.0.0.1', () => say({ port: server.server.address().port }))
