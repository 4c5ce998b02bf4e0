package web

import (
	"net/http"
	"strings"

	"quittance/frontend"
)

// AssetRoutes serve style sheets, scripts and the icon. A path with a hash in
// it never changes and is kept for good.
func AssetRoutes(assets *frontend.Assets) []Route {
	return []Route{
		{Method: http.MethodGet, Pattern: "/assets/*", Access: Public, Handler: func(r *Request) error {
			asset, found := assets.Find(r.c.Path())
			if !found {
				return ErrNotFound
			}
			return r.asset(asset)
		}},
		{Method: http.MethodGet, Pattern: "/robots.txt", Access: Public, Handler: func(r *Request) error {
			return r.Bytes(http.StatusOK, "text/plain; charset=utf-8", []byte("User-agent: *\nDisallow: /\n"))
		}},
	}
}

func (r *Request) asset(asset frontend.Asset) error {
	r.SetHeader("ETag", asset.ETag)
	r.SetHeader("Vary", "Accept-Encoding")
	if asset.Forever {
		r.SetHeader("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		r.SetHeader("Cache-Control", "public, no-cache")
	}
	if strings.Contains(r.Header("If-None-Match"), asset.ETag) {
		r.c.Status(http.StatusNotModified)
		return nil
	}
	if len(asset.Gzip) > 0 && strings.Contains(r.Header("Accept-Encoding"), "gzip") {
		r.SetHeader("Content-Encoding", "gzip")
		return r.Bytes(http.StatusOK, asset.ContentType, asset.Gzip)
	}
	return r.Bytes(http.StatusOK, asset.ContentType, asset.Body)
}
