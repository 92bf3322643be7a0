#include "tests/unit/center/center_contract.hpp"
#include "tests/unit/center/embedded_folder.hpp"

namespace switchboard::center {
namespace {

/// The centers, and the folder that must outlive them.
class filled_centers : public center_set {
 public:
  filled_centers() : centers_(folder_.open()) {
    const auto& data = data_of_the_contract();
    EXPECT_EQ(errors_of(import_text(*centers_, center_kind::member, data.members)), "");
    EXPECT_EQ(errors_of(import_text(*centers_, center_kind::tag, data.tags)), "");
    EXPECT_EQ(errors_of(import_text(*centers_, center_kind::product, data.products)), "");
    EXPECT_EQ(errors_of(import_text(*centers_, center_kind::order, data.orders)), "");
  }
  const member_center& members() const override { return centers_->members(); }
  const tag_center& tags() const override { return centers_->tags(); }
  const product_center& products() const override { return centers_->products(); }
  const trade_center& trade() const override { return centers_->trade(); }

 private:
  embedded_folder folder_;
  std::unique_ptr<embedded_centers> centers_;
};

INSTANTIATE_TEST_SUITE_P(embedded, center_contract, testing::Values(center_maker([] {
                           return std::make_unique<filled_centers>();
                         })));

}  // namespace
}  // namespace switchboard::center
