#include <future>
#include <map>
#include <sstream>

#include "adapters/center_http/http_center_client.hpp"
#include "runtime/hosting/wall_clock.hpp"
#include "runtime/text/contact_form.hpp"
#include "tests/e2e/center_http/test_server.hpp"
#include "tests/e2e/center_http/waiting_centers.hpp"
#include "tests/unit/center/center_contract.hpp"

namespace switchboard::center {
namespace {

using nlohmann::json;

/// The contract's data as a company's service might have it: other names, other nesting, files in
/// folders. Apache serves them; 404 is what it does not have.
class service_files {
 public:
  explicit service_files(const test_folder& folder) : folder_(folder) {
    const auto& data = data_of_the_contract();
    for (const auto& m : rows(data.members)) add_member(m);
    for (const auto& t : rows(data.tags)) add_tags(t);
    json catalogue = json::array();
    for (const auto& p : rows(data.products)) {
      catalogue.push_back(p);
      put("products/" + p.at("product_id").get<std::string>() + ".json", p);
    }
    put("products.json", {{"total", catalogue.size()}, {"items", catalogue}});
    for (const auto& o : rows(data.orders)) add_order(o);
    for (const auto& [place, list] : lists_) put(place, {{"data", list}});
  }

 private:
  static std::vector<json> rows(const std::string& text) {
    std::vector<json> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) out.push_back(json::parse(line));
    return out;
  }
  void put(const std::string& place, const json& what) {
    folder_.write("www/" + place, what.dump());
  }

  void add_member(const json& m) {
    json theirs{{"uid", m.at("member_id")},
                {"profile", {{"grade", m.value("level", 0)}, {"name", m.at("name")}}}};
    if (m.contains("since")) theirs["joined"] = m["since"];
    for (auto key : {"phone", "email", "union_id"}) {
      if (m.contains(key)) theirs["contact"][key] = m[key];
    }
    if (m.contains("attributes")) theirs["city"] = m["attributes"]["city"];
    auto id = m.at("member_id").get<std::string>();
    put("members/" + id + ".json", {{"data", theirs}});
    if (m.contains("union_id")) list("members/union/" + m["union_id"].get<std::string>(), theirs);
    if (m.contains("phone"))
      list("members/phone/" + phone_form(m["phone"].get<std::string>()), theirs);
    if (m.contains("email"))
      list("members/email/" + email_form(m["email"].get<std::string>()), theirs);
  }
  void list(const std::string& place, const json& record) {
    lists_[place + ".json"].push_back(record);
  }

  void add_tags(const json& t) {
    json labels = json::array();
    for (const auto& tag : t.at("tags")) labels.push_back({{"label", tag}});
    auto place = t.contains("member_id") ? "members/" + t["member_id"].get<std::string>()
                                         : "identities/" + t["channel"].get<std::string>() + "/" +
                                               t["customer_id"].get<std::string>();
    put(place + "/tags.json", {{"labels", labels}});
  }

  void add_order(const json& o) {
    json theirs = o;
    std::string state = o.at("state");
    for (auto& c : state) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    theirs["state"] = state;
    put("orders/" + o.at("order_id").get<std::string>() + ".json", {{"data", theirs}});
    list("members/" + o.at("member_id").get<std::string>() + "/orders", theirs);
  }

  const test_folder& folder_;
  std::map<std::string, json> lists_;
};

config::center_mapping mapping(const char* center, const char* text) {
  auto read = config::parse_mapping(center, text);
  EXPECT_TRUE(read) << (read ? "" : config::to_string(read.error()));
  return read.value_or(config::default_mapping(center));
}

http_plan plan_for(int port) {
  http_plan plan;
  auto center = [&](center_kind kind, const char* name, const char* text) {
    http_center_plan one;
    one.service.pool.endpoint = {false, "127.0.0.1", std::to_string(port), ""};
    one.mapping = mapping(name, text);
    plan[static_cast<std::size_t>(kind)] = one;
  };
  center(center_kind::member, "member", R"(
requests:
  by_member_id: {path: "/members/{member_id}.json", at: /data}
  by_union_id: {path: "/members/union/{union_id}.json", at: /data}
  by_phone: {path: "/members/phone/{phone}.json", at: /data}
  by_email: {path: "/members/email/{email}.json", at: /data}
fields: {member_id: /uid, level: /profile/grade, name: /profile/name, since: /joined, phone: /contact/phone,
         email: /contact/email, union_id: /contact/union_id}
attributes: {city: /city}
)");
  center(center_kind::tag, "tag", R"(
requests:
  of_member: {path: "/members/{member_id}/tags.json"}
  of_identity: {path: "/identities/{channel}/{customer_id}/tags.json"}
fields: {tags: /labels, tag: /label}
)");
  center(center_kind::product, "product", R"(
requests:
  find: {path: "/products/{product_id}.json"}
  search: {path: "/products.json", at: /items}
search: here
)");
  center(center_kind::order, "trade", R"(
requests:
  find: {path: "/orders/{order_id}.json", at: /data}
  orders: {path: "/members/{member_id}/orders.json", at: /data}
states: {CREATED: created, PAID: paid, SHIPPED: shipped, COMPLETED: completed, REFUNDING: refunding}
)");
  return plan;
}

/// Apache with the contract's files, and the client that asks it.
class remote_centers final : public center_set {
 public:
  remote_centers() : files_(folder_), apache_(folder_) {
    auto client = open_http_center_client(plan_for(apache_.port()), nullptr, clock_, 1);
    EXPECT_TRUE(client) << (client ? "" : client.error().message);
    if (client) waiting_ = std::make_unique<waiting_centers>(*client);
  }
  const member_center& members() const override { return waiting_->members(); }
  const tag_center& tags() const override { return waiting_->tags(); }
  const product_center& products() const override { return waiting_->products(); }
  const trade_center& trade() const override { return waiting_->trade(); }

 private:
  test_folder folder_;
  service_files files_;
  apache_server apache_;
  wall_clock clock_;
  std::unique_ptr<waiting_centers> waiting_;
};

INSTANTIATE_TEST_SUITE_P(http, center_contract, testing::Values(center_maker([] {
                           return std::make_unique<remote_centers>();
                         })));

}  // namespace
}  // namespace switchboard::center
