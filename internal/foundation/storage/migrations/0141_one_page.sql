-- +goose Up
-- A page that is read over http and over https is one page. Where both were noted, both stay.
UPDATE news_mention
SET link_key = 'https' || substr(link_key, 5)
WHERE link_key LIKE 'http:%'
    AND NOT EXISTS (SELECT 1 FROM news_mention other WHERE other.link_key = 'https' || substr(news_mention.link_key, 5));

-- +goose Down
SELECT 1;
