#include "adapters/channel/gateway/endpoints.hpp"

/// What the house sells through, and what customers are sorted by: sales channels, campaigns,
/// segments, each of them made, changed, taken out and listed.
namespace switchboard {

namespace {

enum class item { sales_channel, campaign, segment };
constexpr const char* kinds[] = {"sales_channel", "campaign", "segment"};

void to_catalog(gateway_call& c, item kind, catalog_call&& m) {
  m.kind = kinds[static_cast<int>(kind)];
  m.by = c.by.who_or_admin();
  m.known_by = c.known_by(key_kind::catalog_change, m);
  m.reply = c.reply;
  caf::anon_send(c.services.directory.catalog, std::move(m));
}

struct item_fields {
  std::string id;
  codec::packed_value fields;
};
template <class V> void wire_fields(V& v, item_fields& x) {
  v.must("id", x.id, 64);
  v.must("fields", x.fields);
}

template <item Kind, bool Fresh> void put(gateway_call& c, item_fields& a) {
  catalog_call m;
  m.method = catalog_method::put;
  m.fresh = Fresh;
  m.id = std::move(a.id);
  m.fields = std::move(a.fields);
  to_catalog(c, Kind, std::move(m));
}

struct item_id {
  std::string id;
};
template <class V> void wire_fields(V& v, item_id& x) {
  v.must("id", x.id, 64);
}

template <item Kind> void take_out(gateway_call& c, item_id& a) {
  catalog_call m;
  m.method = catalog_method::remove;
  m.id = std::move(a.id);
  to_catalog(c, Kind, std::move(m));
}

template <item Kind> void list(gateway_call& c) {
  catalog_call m;
  m.method = catalog_method::list;
  to_catalog(c, Kind, std::move(m));
}

}  // namespace

const endpoint endpoints::campaign_create = served_by<put<item::campaign, true>>;
const endpoint endpoints::campaign_delete = served_by<take_out<item::campaign>>;
const endpoint endpoints::campaign_list = served_by<list<item::campaign>>;
const endpoint endpoints::campaign_update = served_by<put<item::campaign, false>>;
const endpoint endpoints::sales_channel_create = served_by<put<item::sales_channel, true>>;
const endpoint endpoints::sales_channel_delete = served_by<take_out<item::sales_channel>>;
const endpoint endpoints::sales_channel_list = served_by<list<item::sales_channel>>;
const endpoint endpoints::sales_channel_update = served_by<put<item::sales_channel, false>>;
const endpoint endpoints::segment_create = served_by<put<item::segment, true>>;
const endpoint endpoints::segment_delete = served_by<take_out<item::segment>>;
const endpoint endpoints::segment_list = served_by<list<item::segment>>;
const endpoint endpoints::segment_update = served_by<put<item::segment, false>>;

}  // namespace switchboard
