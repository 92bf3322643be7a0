#include "runtime/cel/value.hpp"

#include <cmath>
#include <thread>

#include <gtest/gtest.h>

#include "runtime/cel/nearest_name.hpp"
#include "runtime/cel/number_text.hpp"
#include "runtime/cel/time_text.hpp"
#include "runtime/cel/time_zone.hpp"

namespace switchboard::cel {
namespace {

using std::chrono::nanoseconds;

TEST(cel_value, a_value_takes_sixteen_bytes) {
  EXPECT_EQ(sizeof(value), 16u);
}

TEST(cel_value, numbers_are_equal_across_kinds_and_nan_is_not_equal_to_itself) {
  EXPECT_EQ(value::integer(1), value::unsigned_integer(1));
  EXPECT_EQ(value::integer(1), value::real(1));
  EXPECT_FALSE(value::integer(-1) == value::unsigned_integer(~0ull));
  EXPECT_FALSE(value::real(NAN) == value::real(NAN));
  EXPECT_FALSE(value::string("a") == value::bytes("a"));
}

TEST(cel_value, a_map_refuses_repeated_and_unfit_keys) {
  EXPECT_FALSE(value::map({{value::integer(1), {}}, {value::real(1), {}}}));
  EXPECT_FALSE(value::map({{value::integer(1), {}}, {value::unsigned_integer(1), {}}}));
  EXPECT_EQ(value::map({{value{}, {}}}).error(), "unsupported key type: null_type");
}

TEST(cel_value, a_large_map_finds_every_key_of_every_kind) {
  std::vector<value::entry> entries{{value::boolean(true), value::integer(-1)}};
  for (int i = 0; i < 500; ++i) {
    entries.emplace_back(value::integer(i - 250), value::integer(i));
    entries.emplace_back(value::string(std::to_string(i)), value::integer(i));
  }
  const auto map = value::map(entries);
  ASSERT_TRUE(map);
  for (const auto& [key, item] : entries) EXPECT_EQ(*map->map_find(key), item);
  EXPECT_EQ(*map->map_find(value::real(7)), value::integer(257));
  EXPECT_EQ(*map->map_field("499"), value::integer(499));
  EXPECT_FALSE(map->map_find(value::real(0.5)));
  EXPECT_FALSE(map->map_find(value::list({})));
  EXPECT_EQ(map->map_entries().size(), 1001u);
}

TEST(cel_value, text_shows_kinds_apart_and_stops_at_its_limit) {
  const auto v = value::list({value{}, value::boolean(true), value::unsigned_integer(2),
                              value::real(2), value::string("a\"\n"), value::bytes("\xff"),
                              value::duration(nanoseconds{1'500'000'000}), value::timestamp({0, 5}),
                              value::type(kind::integer)});
  EXPECT_EQ(v.to_string(),
            "[null, true, 2u, 2.0, \"a\\\"\\n\", b\"\\xff\", duration(\"1.5s\"), "
            "timestamp(\"1970-01-01T00:00:00.000000005Z\"), int]");
  EXPECT_EQ(v.to_string(7), "[null, ");
}

TEST(cel_value, values_may_be_shared_by_threads) {
  const auto shared = value::list({value::string("a"), value::string("b")});
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([shared] {
      for (int i = 0; i < 10000; ++i) {
        auto copy = shared;
        auto item = copy.as_list()[1];
        if (item.as_text() != "b") std::abort();
      }
    });
}

TEST(cel_time, durations_read_as_the_language_writes_them) {
  EXPECT_EQ(parse_duration("1h30m"), nanoseconds{std::chrono::minutes{90}});
  EXPECT_EQ(parse_duration("-1.5h"), nanoseconds{std::chrono::minutes{-90}});
  EXPECT_EQ(parse_duration("1us2ns"), nanoseconds{1002});
  EXPECT_EQ(parse_duration("0"), nanoseconds{0});
  EXPECT_EQ(parse_duration("+5s"), nanoseconds{std::chrono::seconds{5}});
  for (const auto* text : {"", "-", "1", "1d", "h", ".s", "1h 2m", "9223372037s", "1s-1s"})
    EXPECT_FALSE(parse_duration(text)) << text;
  EXPECT_EQ(format_duration(nanoseconds{-1'000'000'010}), "-1.00000001s");
  EXPECT_EQ(format_duration(nanoseconds::min()), "-9223372036.854775808s");
}

TEST(cel_time, timestamps_outside_rfc_3339_or_the_years_1_to_9999_are_refused) {
  for (const auto* text :
       {"2024-01-01", "2024-1-01T00:00:00Z", "2024-01-01T00:00:00", "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z", "2024-01-01 00:00:00Z", "2023-02-29T00:00:00Z",
        "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00.Z", "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01", "2024-01-01T00:00:00Zx"})
    EXPECT_FALSE(parse_timestamp(text)) << text;
  EXPECT_EQ(format_timestamp({first_second, 0}), "0001-01-01T00:00:00Z");
  EXPECT_EQ(format_timestamp({last_second, 120'000'000}), "9999-12-31T23:59:59.12Z");
}

TEST(cel_time, zones_are_fixed_offsets_or_names_of_the_database_and_nothing_else) {
  const instant at{1'700'000'000, 0};  // 2023-11-14T22:13:20Z, a Tuesday
  EXPECT_EQ(wall_time_in(at, "UTC")->hour, 22);
  EXPECT_EQ(wall_time_in(at, "+08:00")->hour, 6);
  EXPECT_EQ(wall_time_in(at, "-02:30")->minute, 43);
  EXPECT_EQ(wall_time_in(at, "Asia/Shanghai")->day_of_month, 15);
  EXPECT_EQ(wall_time_in(at, "Asia/Shanghai")->day_of_week, 3);
  for (const auto* zone : {"", "Nowhere", "+8", "+24:00", "/etc/localtime", "../zoneinfo/UTC",
                           "Asia", "file:/x", "libc:localtime"})
    EXPECT_FALSE(wall_time_in(at, zone)) << zone;
}

TEST(cel_text, doubles_print_with_the_fewest_digits_that_read_back) {
  EXPECT_EQ(format_double(0.1), "0.1");
  EXPECT_EQ(format_double(1e100), "1e+100");
  EXPECT_EQ(format_double(-0.0), "-0");
  EXPECT_EQ(format_double(1e-5), "1e-05");
  EXPECT_EQ(format_double_plain(1e21), "1000000000000000000000");
  EXPECT_EQ(format_double_plain(1.5e-7), "0.00000015");
}

TEST(cel_text, only_numbers_read_as_numbers) {
  for (const auto* text : {"", " 1", "1 ", "0x10", "1e999", "--1", "+-1", "1e", "nan(1)", "e5"})
    EXPECT_FALSE(parse_double(text)) << text;
  EXPECT_EQ(parse_double("1e-999"), 0.0);
  EXPECT_TRUE(std::isinf(*parse_double("-Infinity")));
  EXPECT_FALSE(parse_int("9223372036854775808"));
  EXPECT_FALSE(parse_int("+-1"));
  EXPECT_FALSE(parse_uint("-1"));
}

TEST(cel_text, the_nearest_name_is_only_suggested_when_it_is_near) {
  EXPECT_EQ(nearest_name("memebr", {"request", "member"}), "member");
  EXPECT_EQ(nearest_name("x", {"request", "member"}), "");
  EXPECT_EQ(nearest_name(std::string(100000, 'x'), {"member"}), "");
}

}  // namespace
}  // namespace switchboard::cel
