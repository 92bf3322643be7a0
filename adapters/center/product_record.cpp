#include <algorithm>

#include "adapters/center/record_bytes.hpp"
#include "adapters/center/record_reading.hpp"
#include "adapters/center/search_words.hpp"
#include "adapters/center/stored_record.hpp"

namespace switchboard::center {
namespace {

using nlohmann::json;
using presence = row_fields::presence;

std::string bytes_of(const product_record& p) {
  json out{{"id", p.id}, {"name", p.name}, {"price", p.price_hundredths}};
  put_unless_empty(out, "category", p.category);
  put_unless_empty(out, "brand", p.brand);
  put_unless_empty(out, "currency", p.currency);
  put_unless_empty(out, "stock", p.stock);
  put_unless_empty(out, "url", p.url);
  put_unless_empty(out, "image", p.image);
  put_unless_empty(out, "description", p.description);
  put_unless_empty(out, "keywords", p.keywords);
  put_unless_empty(out, "attributes", p.attributes);
  return pack(out);
}

product_record product_from(const json& in) {
  product_record p;
  p.id = take<std::string>(in, "id");
  p.name = take<std::string>(in, "name");
  p.category = take<std::string>(in, "category");
  p.brand = take<std::string>(in, "brand");
  p.price_hundredths = take<std::int64_t>(in, "price");
  p.currency = take<std::string>(in, "currency");
  p.stock = take<std::int64_t>(in, "stock");
  p.url = take<std::string>(in, "url");
  p.image = take<std::string>(in, "image");
  p.description = take<std::string>(in, "description");
  p.keywords = take<std::vector<std::string>>(in, "keywords");
  p.attributes = take<std::map<std::string, std::string>>(in, "attributes");
  return p;
}

}  // namespace

std::optional<product_record> product_from_row(row_fields& row) {
  product_record p;
  p.id = row.id("product_id", presence::required);
  p.name = row.text("name", presence::required);
  p.category = row.text("category");
  p.brand = row.text("brand");
  p.price_hundredths = row.hundredths("price");
  p.currency = row.text("currency", presence::optional, 8);
  p.stock = row.integer("stock", 0, 0, 1'000'000'000);
  p.url = row.text("url", presence::optional, 2048);
  p.image = row.text("image", presence::optional, 2048);
  p.description = row.text("description", presence::optional, 8192);
  p.keywords = row.words("keywords");
  p.attributes = row.attributes("attributes");
  row.finish();
  if (!row.good()) return {};
  if (p.currency.empty()) p.currency = "CNY";
  return p;
}

std::optional<stored_record> read_product(row_fields& row) {
  auto p = product_from_row(row);
  if (!p) return {};
  return stored_record{p->id, bytes_of(*p)};
}

std::optional<product_record> product_of(std::string_view bytes) {
  return decoded(bytes, product_from);
}

/// token, zero, id; the value says whether the token is of the name.
std::vector<index_entry> index_product(std::string_view key, std::string_view bytes) {
  std::vector<index_entry> out;
  auto p = product_of(bytes);
  if (!p) return out;
  auto in_name = index_tokens(p->name);
  // A line end keeps words of two fields apart.
  auto all = p->name + "\n" + p->category + "\n" + p->brand;
  for (const auto& word : p->keywords) all += "\n" + word;
  for (auto& token : index_tokens(all)) {
    bool name = std::binary_search(in_name.begin(), in_name.end(), token);
    out.push_back({std::move(token.append(1, '\0').append(key)), name ? "n" : "o"});
  }
  return out;
}

}  // namespace switchboard::center
