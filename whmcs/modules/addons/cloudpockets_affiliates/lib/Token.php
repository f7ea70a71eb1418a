<?php

namespace CloudPockets\Affiliates;

/**
 * The signature under each request: a JWT (HS256) for one request alone, with its method, address and body, for two
 * minutes. The same secret signs in both directions; who speaks to whom is in the claims.
 */
final class Token
{
    private const LIFE_SECONDS = 120;
    /** By which the two clocks may differ. */
    private const LEEWAY_SECONDS = 60;

    /** @param string $address path and query, as they are sent */
    public static function sign(string $secret, string $method, string $address, string $body): string
    {
        $now = time();
        $claims = [
            'iss' => 'portal',
            'aud' => 'affiliates',
            'iat' => $now,
            'exp' => $now + self::LIFE_SECONDS,
            'jti' => bin2hex(random_bytes(16)),
            'req' => "$method $address",
            'sha256' => hash('sha256', $body),
        ];
        $signed = self::encode(Text::json(['alg' => 'HS256', 'typ' => 'JWT'])) . '.' . self::encode(Text::json($claims));
        return $signed . '.' . self::encode(hash_hmac('sha256', $signed, $secret, true));
    }

    /**
     * Reads a token of the service's for a request without a body.
     * @return array{jti: string, exp: int}|null null for one that is not, or no longer, good for this request
     */
    public static function read(string $secret, string $token, string $method, string $address): ?array
    {
        $parts = explode('.', $token);
        if (strlen($secret) < Settings::SHORTEST_SECRET || count($parts) !== 3) {
            return null;
        }
        [$header, $payload, $signature] = $parts;
        $right = self::encode(hash_hmac('sha256', "$header.$payload", $secret, true));
        $head = json_decode(self::decode($header), true);
        if (!hash_equals($right, $signature) || !is_array($head) || ($head['alg'] ?? '') !== 'HS256') {
            return null;
        }
        $claims = json_decode(self::decode($payload), true);
        return is_array($claims) && self::holds($claims, "$method $address") ? $claims : null;
    }

    private static function holds(array $claims, string $request): bool
    {
        $iat = $claims['iat'] ?? null;
        $exp = $claims['exp'] ?? null;
        $id = $claims['jti'] ?? null;
        return ($claims['iss'] ?? null) === 'affiliates'
            && ($claims['aud'] ?? null) === 'portal'
            && ($claims['req'] ?? null) === $request
            && ($claims['sha256'] ?? null) === hash('sha256', '')
            && is_string($id) && preg_match('/^[A-Za-z0-9_-]{1,64}$/D', $id) === 1
            && is_int($iat) && is_int($exp) && $exp - $iat <= 300
            && $iat <= time() + self::LEEWAY_SECONDS
            && $exp >= time() - self::LEEWAY_SECONDS;
    }

    private static function encode(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }

    private static function decode(string $text): string
    {
        return (string) base64_decode(strtr($text, '-_', '+/'), true);
    }
}
