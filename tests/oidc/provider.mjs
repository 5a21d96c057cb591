// A real provider on a free port, which lets everybody in as whom the test says, can change its keys, and can be made to
// answer with a token that somebody else wrote.
import { createServer } from "node:http";
import * as jose from "jose";
import Provider from "oidc-provider";

export const CLIENT = "regulars";
export const SECRET = "a secret: with % and +";

/** A key to sign with, and its public half. */
export async function keyMade(kid) {
  const { privateKey, publicKey } = await jose.generateKeyPair("RS256", { extractable: true });
  const [priv, pub] = await Promise.all([jose.exportJWK(privateKey), jose.exportJWK(publicKey)]);
  const named = { kid, alg: "RS256", use: "sig" };
  return { privateKey, jwk: { ...priv, ...named }, public: { ...pub, ...named } };
}

export async function providerStarted(callback) {
  const accounts = new Map();
  const stand = { accounts, who: undefined, forged: undefined };
  let handler;
  const server = createServer((request, response) => {
    if (stand.forged && request.method === "POST" && request.url === "/token") {
      response.setHeader("content-type", "application/json");
      return response.end(
        JSON.stringify({ access_token: "none", token_type: "Bearer", id_token: stand.forged }),
      );
    }
    return handler(request, response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  stand.issuer = `http://127.0.0.1:${server.address().port}`;

  /** The provider anew with other keys, as after a rotation. */
  stand.rotate = async (kid) => {
    stand.key = await keyMade(kid);
    const provider = new Provider(stand.issuer, {
      clients: [
        {
          client_id: CLIENT,
          client_secret: SECRET,
          redirect_uris: [callback],
          grant_types: ["authorization_code"],
          response_types: ["code"],
        },
      ],
      jwks: { keys: [stand.key.jwk] },
      cookies: { keys: ["only for tests"] },
      pkce: { required: () => true },
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
      features: { devInteractions: { enabled: false } },
      findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...accounts.get(sub) }) }),
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    });
    const answers = provider.callback();
    handler = async (request, response) => {
      if (!request.url.startsWith("/interaction/")) return answers(request, response);
      const { params, prompt, grantId } = await provider.interactionDetails(request, response);
      if (prompt.name === "login") {
        const login = { login: { accountId: stand.who } };
        return provider.interactionFinished(request, response, login, { mergeWithLastSubmission: false });
      }
      const grant =
        (grantId && (await provider.Grant.find(grantId))) ||
        new provider.Grant({ accountId: stand.who, clientId: params.client_id });
      grant.addOIDCScope("openid email profile");
      const consent = { consent: { grantId: await grant.save() } };
      return provider.interactionFinished(request, response, consent, { mergeWithLastSubmission: true });
    };
  };
  await stand.rotate("first");
  stand.stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return stand;
}
