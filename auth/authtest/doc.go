// Package authtest helps to test services that authenticate with package auth, in the way of net/http/httptest.
//
// [NewProvider] starts an OpenID Connect provider in the test's own process: discovery, keys and their rotation, tokens with
// any claims, introspection, and users who sign in at registered applications. [TestAuthenticator] checks any [auth.Authenticator] for what its callers rely on.
package authtest
